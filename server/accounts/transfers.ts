import { ChatError } from "../errors";
import { type AccountClient, sessionOf, type Welcome, welcome } from "./account-client";
import type { AccountStore } from "./account-store";
import type { PasswordProofs } from "./password-proofs";
import type { Quotas } from "./quotas";
import type { Session } from "./session";
import type { Sessions } from "./sessions";
import { digestTransferCode, makeTransferCode } from "./transfer-codes";

/** H-3: long enough to fetch the other device, too short for a code found later in a photo. */
export const transferMs = 10 * 60_000;

export type TransfersOptions = { sessions: Sessions; store: AccountStore; quotas: Quotas };

/** Makes another device the same visitor, by a code that works once. Throws as `Accounts` does. */
export class Transfers {
  constructor(
    private readonly options: TransfersOptions,
    private readonly proofs: PasswordProofs,
  ) {}

  /**
   * Returns a code that makes another device this visitor, once. `expiresAt` in milliseconds since 1970. Throws as
   * PasswordProofs.check does.
   */
  async makeCode(client: AccountClient, password?: string): Promise<{ code: string; expiresAt: number }> {
    const session = await sessionOf(this.options.sessions, client);
    await this.options.quotas.spend("transfer", { network: client.network, visitor: session.visitor });
    await this.proofs.check(session, { network: client.network, password });
    const code = makeTransferCode();
    const expiresAt = await this.options.store.codes.keep(digested(code), session, transferMs);
    return { code, expiresAt };
  }

  /** Throws ChatError("expired") for every kind of invalid code. */
  async claim({ network, deviceName = "" }: AccountClient, code: string): Promise<Welcome> {
    await this.options.quotas.spend("claim", { network });
    const digest = digestTransferCode(code);
    const session = digest === undefined ? undefined : await this.options.store.codes.take(digest);
    if (session === undefined) throw new ChatError("expired", "The code has expired or is mistyped.");
    return welcome(await this.options.sessions.signDevice(session, { name: deviceName, isProven: false }));
  }

  /** Whether it is this session's own code, and can still be claimed. */
  async canBeClaimed(code: string, session: Session): Promise<boolean> {
    const digest = digestTransferCode(code);
    return digest !== undefined && this.options.store.codes.holds(digest, session);
  }
}

function digested(code: string): string {
  const digest = digestTransferCode(code);
  if (digest === undefined) throw new Error("a code that was just made is none");
  return digest;
}
