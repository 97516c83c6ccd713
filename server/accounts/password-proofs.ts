import { ChatError } from "../errors";
import type { Clock } from "../lib/clock";
import type { Network } from "../lib/network";
import type { AccountStore } from "./account-store";
import type { Account } from "./account-text";
import { readPassword } from "./credentials";
import type { Passwords } from "./passwords";
import type { Quotas } from "./quotas";
import type { Session } from "./session";

/** How long a password given on a device counts as proof there: it need not be typed again right after signing up. */
export const provenMs = 10 * 60_000;

/** Asked for again before an action that cannot be undone. */
export type PasswordProof = { network: Network; password?: string | undefined };

export const wrongPassword = "The password is wrong.";

export type PasswordProofsOptions = {
  store: AccountStore;
  quotas: Quotas;
  passwords: Passwords;
  clock: Clock;
};

/** Asks for the password of an account again. */
export class PasswordProofs {
  constructor(private readonly options: PasswordProofsOptions) {}

  /**
   * Call before any action that a stolen token could use against the account. Throws ChatError("forbidden") for a wrong
   * password, or for a missing one that was not given on this device lately. Without an account there is no password to
   * ask for.
   */
  async check(session: Session, proof: PasswordProof): Promise<void> {
    const { store, clock } = this.options;
    const account = await store.read(session);
    if (account === undefined) return;
    if (proof.password !== undefined)
      return this.compare(session, account, { ...proof, password: proof.password });
    const own = (await store.devices.list(session)).find(({ id }) => id === session.device);
    if (own === undefined || clock.now() - own.provenAt > provenMs)
      throw new ChatError("forbidden", "The password is needed for this.");
  }

  /** Throws ChatError("forbidden") unless it is the account's password. */
  async compare(
    session: Session,
    account: Account,
    { network, password }: { network: Network; password: string },
  ): Promise<void> {
    const { quotas, passwords } = this.options;
    await quotas.spend("confirm", { network, visitor: session.visitor });
    const isRight = await passwords.matches(account.password, readPassword(password));
    if (!isRight) throw new ChatError("forbidden", wrongPassword);
  }
}
