import type { VisitorId } from "../../protocol/events";
import { ChatError } from "../errors";
import { recordKeys } from "../records/keys";
import { listAt, storeTime } from "../records/kinds";
import type { Records, Step, Write } from "../records/records";
import { type DeviceId, endKey, readEnd, type Session, type TokenEnd } from "./session";

/** The most ends that `after` returns. */
export const endsPage = 1_000;

const ended = listAt(recordKeys.accounts.ended);

/** When tokens were last ended: all of a visitor's, or those of one device. Throws as `AccountStore` does. */
export class TokenEnds {
  /** `keptMs`: how long an end is remembered, which is longer than any token lives. */
  constructor(
    private readonly records: Records,
    readonly keptMs: number,
  ) {}

  /** When the tokens of the visitor, or of its `device`, were last ended; 0 for no end within `keptMs`. */
  async generationOf(visitor: VisitorId, device?: DeviceId): Promise<number> {
    const keys = [endKey({ visitor }), ...(device === undefined ? [] : [endKey({ visitor, device })])];
    const [ends] = await this.records.read(ended.scores(...keys));
    return Math.max(...ends.map((end) => end ?? 0));
  }

  /** The ends after a generation, in order, `endsPage` at most; only the last end of each visitor and device. */
  async after(generation: number): Promise<TokenEnd[]> {
    const range = { order: "lowest", above: generation, most: endsPage } as const;
    const [ends] = await this.records.read(ended.listed(range));
    return ends.map(([key, end]) => readEnd(key, end));
  }

  /**
   * Writes an end within a step, with the writes that belong to it, and forgets ends that are older than any token.
   * Returns its generation.
   */
  async write(
    step: Step,
    end: Pick<Session, "visitor" | "device"> & { now: number },
    more: Write[],
    options = { evenWhenFull: true },
  ): Promise<number> {
    const writes = [ended.stamp(endKey(end)), ended.dropBelow(end.now - this.keptMs), ...more] as const;
    const [generation] = await step.write(writes, options);
    return generation;
  }
}

/** Asks when the visitor's tokens were last ended: what `assertNotEnded` takes. */
export const lastEndOf = (visitor: VisitorId) => ended.scores(visitor);

/** Throws ChatError("invalid_token") for a session of a generation before the visitor's last end. */
export function assertNotEnded({ generation }: Session, [end = 0]: (number | undefined)[]): void {
  if (end > generation) throw new ChatError("invalid_token");
}

/** Throws ChatError("invalid_token") when the session was ended; otherwise returns the store's time. */
export async function timeIfNotEnded(step: Step, session: Session): Promise<number> {
  const [now, end] = await step.read(storeTime, lastEndOf(session.visitor));
  assertNotEnded(session, end);
  return now;
}
