import { createHash } from "node:crypto";
import { customAlphabet } from "nanoid";
import { recordKeys } from "../records/keys";
import { valueAt } from "../records/kinds";
import type { Records } from "../records/records";
import type { Session } from "./session";
import { lastEndOf, timeIfNotEnded } from "./token-ends";

/** Leaves out characters that are confused when typed or read aloud from a phone: 0 O, 1 I L, 2 Z, 5 S, 8 B, U V. */
const letters = "34679ACDEFGHJKMNPQRTWXY";
const groups = 4;
const groupLength = 4;

const make = customAlphabet(letters, groups * groupLength);
const shape = new RegExp(`^[${letters}]{${groups * groupLength}}$`);

/** 72 random bits in groups of four: `K7QM-34XA-…`. */
export const makeTransferCode = (): string => (make().match(/.{4}/g) ?? []).join("-");

/**
 * The digest under which a code is stored; the code cannot be derived from it. Case and grouping do not matter.
 * Undefined for an invalid code.
 */
export function digestTransferCode(text: string): string | undefined {
  // First, so that nothing below runs on a long text.
  if (text.length > maxTypedLength) return undefined;
  const code = text.replace(/[\s\p{Pd}]/gu, "").toUpperCase();
  return shape.test(code)
    ? createHash("sha256").update(`madang transfer ${code}`).digest("base64url")
    : undefined;
}

const maxTypedLength = 64;

const codeAt = (digest: string) => valueAt(recordKeys.accounts.code(digest));

/** The codes that can be claimed. Throws as `AccountStore` does. */
export class TransferCodes {
  constructor(private readonly records: Records) {}

  /**
   * Keeps a code for `ttlMs`, by its `digest` only, which has the same letters as a quota's key. Returns when it
   * lapses, in milliseconds since 1970 by the store's clock.
   */
  keep(digest: string, session: Session, ttlMs: number): Promise<number> {
    return this.records.step(async (step) => {
      const now = await timeIfNotEnded(step, session);
      await step.write([codeAt(digest).put(textOf(session), ttlMs)]);
      return now + ttlMs;
    });
  }

  /**
   * Takes a code and returns its session; of concurrent calls only one gets it. Undefined for a code that was never
   * given, was taken or has lapsed, or whose visitor's tokens have been ended since.
   */
  take(digest: string): Promise<Session | undefined> {
    return this.records.step(async (step) => {
      const [code] = await step.read(codeAt(digest).value());
      if (code === undefined) return undefined;
      const session = sessionIn(code);
      const { visitor } = session;
      const [[end = 0]] = await step.read(lastEndOf(visitor));
      await step.write([codeAt(digest).remove()]);
      return end > session.generation ? undefined : session;
    });
  }

  /** Whether it is this session's own code, and can still be taken. Does not ask whether the session was ended. */
  async holds(digest: string, session: Session): Promise<boolean> {
    const [code] = await this.records.read(codeAt(digest).value());
    const kept = code === undefined ? undefined : sessionIn(code);
    return kept?.visitor === session.visitor && kept.generation === session.generation;
  }
}

/** A visitor that comes with a code came when it came without one: a network's ban is for newcomers (O-4). */
const textOf = ({ visitor, generation, since }: Session): string =>
  since === undefined ? `${visitor} ${generation}` : `${visitor} ${generation} ${since}`;

function sessionIn(text: string): Session {
  const [visitor = "", generation, since] = text.split(" ");
  return { visitor, generation: Number(generation), ...(since !== undefined && { since: Number(since) }) };
}
