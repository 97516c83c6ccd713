import type { ErrorCode, VisitorId } from "../../protocol/events";
import type { AccountStore, Session } from "../directory/accounts";
import type { Network } from "../lib/network";
import { findHandle, readHandle, readNewPassword, readPassword } from "./credentials";
import { ChatError } from "./errors";
import type { Passwords } from "./passwords";
import type { Quotas } from "./quotas";
import type { Sessions } from "./sessions";
import type { StoreSpace } from "./store-space";
import { digestTransferCode, makeTransferCode } from "./transfer-code";

/** H-3: long enough to fetch the other device, too short to be found in a photo later. */
export const transferMs = 10 * 60_000;

/** Who asks: from which network, and with which token, if any. */
export type Visit = { network: Network; token: string | undefined };

/** Who one is from now on. */
export type Welcome = { visitor: { id: VisitorId }; token: string };

/** `lasting` is false when the account ends with this process. */
export type AccountWelcome = Welcome & { handle: string; lasting: boolean };

export type Credentials = { handle: string; password: string };

type World = {
  sessions: Sessions;
  store: AccountStore;
  quotas: Quotas;
  passwords: Passwords;
  /** What the store has room for; without it, for everything. */
  space?: StoreSpace;
};

/**
 * How a visitor stays the same over devices. Everything throws ChatError("invalid_token") without a good token, where one
 * is needed, and ChatError("rate_limited").
 */
export class Accounts {
  constructor(private readonly world: World) {}

  /** A code that makes another device this visitor, once. `expiresAt` in milliseconds since 1970. */
  async transfer(visit: Visit): Promise<{ code: string; expiresAt: number }> {
    const session = await this.who(visit);
    await this.world.quotas.spend("transfer", { network: visit.network, visitor: session.visitor });
    const code = makeTransferCode();
    const expiresAt = await this.world.store.keepCode(digested(code), session, transferMs);
    return { code, expiresAt };
  }

  /** Throws ChatError("expired"), whatever is wrong with the code. */
  async claim({ network }: Visit, code: string): Promise<Welcome> {
    await this.world.quotas.spend("claim", { network });
    const digest = digestTransferCode(code);
    const session = digest === undefined ? undefined : await this.world.store.takeCode(digest);
    if (session === undefined) throw new ChatError("expired", "The code is not valid, or no longer.");
    return this.welcome(session);
  }

  /** Ends this visitor's tokens everywhere; who asked is somebody new. */
  async logOut(visit: Visit): Promise<Welcome> {
    const session = await this.who(visit);
    await this.world.quotas.spend("log-out", { network: visit.network });
    await this.end(session);
    return this.welcome();
  }

  /**
   * Who asks, its account's handle if it has one, and whether accounts outlast this process; with a code, whether it is one
   * of theirs and good still.
   */
  async status(
    visit: Visit,
    code?: string,
  ): Promise<{ visitor: { id: VisitorId }; handle?: string; lasting: boolean; good?: boolean }> {
    const session = await this.who(visit);
    await this.world.quotas.spend("status", { network: visit.network });
    const account = await this.world.store.read(session);
    return {
      visitor: { id: session.visitor },
      ...(account && { handle: account.handle }),
      lasting: this.world.store.isLasting,
      ...(code !== undefined && { good: await this.isGood(code, session) }),
    };
  }

  /**
   * Gives this visitor an account; it stays who it is. Throws ChatError("name_taken"), ChatError("forbidden") when it has one
   * already, ChatError("bad_request") and ChatError("too_large") for what cannot be a handle or a password.
   */
  async signUp(visit: Visit, credentials: Credentials): Promise<AccountWelcome> {
    const { quotas, passwords, store, space } = this.world;
    const { handle, skeleton } = readHandle(credentials.handle);
    const password = readNewPassword(credentials.password);
    const session = await this.who(visit);
    await quotas.spend("sign-up", { network: visit.network, visitor: session.visitor });
    space?.check("creations");
    const account = { handle, password: await passwords.hash(password) };
    await store.add(session, skeleton, account).catch(rethrow(signUpRefusals));
    return { ...(await this.welcome(session)), handle, lasting: store.isLasting };
  }

  /**
   * Throws ChatError("forbidden") for a wrong handle and a wrong password alike, in the same words and after the same work.
   */
  async logIn({ network }: Visit, credentials: Credentials): Promise<AccountWelcome> {
    const { quotas, passwords, store } = this.world;
    const password = readPassword(credentials.password);
    const wanted = findHandle(credentials.handle);
    await quotas.spend("log-in", { network, ...(wanted && { handle: wanted.skeleton }) });
    // What nobody can have is looked for all the same: nothing tells it from what nobody has.
    const found = await store.find(wanted?.skeleton ?? "");
    const isRight = await passwords.matches(found?.account.password, password);
    if (found === undefined || !isRight)
      throw new ChatError("forbidden", "The handle or the password is wrong.");
    // In the generation of before the password was tried: who logged out everywhere meanwhile has ended this one too.
    const { session, account } = found;
    return { ...(await this.welcome(session)), handle: account.handle, lasting: store.isLasting };
  }

  /** Takes the account away and ends this visitor's tokens; who asked is somebody new. Throws ChatError("forbidden"). */
  async delete(visit: Visit): Promise<Welcome> {
    const session = await this.who(visit);
    await this.world.quotas.spend("delete", { network: visit.network });
    await this.end(session, "remove").catch(rethrow(deleteRefusals));
    return this.welcome();
  }

  /**
   * Ends a visitor for good: its tokens, its codes, and its account if it has one. Returns the end, which is to be told.
   * Throws ChatError("invalid_token").
   */
  forget(session: Session): Promise<Session> {
    return this.world.sessions.end(session, "forget");
  }

  /** Whether somebody can come back as this visitor though its tokens have been ended. */
  canReturn(visitor: VisitorId): Promise<boolean> {
    return this.world.store.hasAccount(visitor);
  }

  private async isGood(code: string, session: Session): Promise<boolean> {
    const digest = digestTransferCode(code);
    return digest !== undefined && this.world.store.holdsCode(digest, session);
  }

  private async end(session: Session, step?: "remove"): Promise<void> {
    const { sessions } = this.world;
    sessions.tell(await sessions.end(session, step));
  }

  private who({ token }: Visit): Promise<Session> {
    return this.world.sessions.read(token);
  }

  private async welcome(session?: Session): Promise<Welcome> {
    const { sessions } = this.world;
    const { visitor, token } = await (session === undefined ? sessions.create() : sessions.sign(session));
    return { visitor: { id: visitor }, token };
  }
}

/** What a code of the store's means here. */
type Refusals = Partial<Record<ErrorCode, string>>;
const signUpRefusals: Refusals = {
  name_taken: "This handle is taken.",
  forbidden: "This visitor has an account already.",
};
const deleteRefusals: Refusals = { forbidden: "This visitor has no account." };

const rethrow = (refusals: Refusals) => (error: unknown) => {
  throw error instanceof ChatError ? new ChatError(error.code, refusals[error.code]) : error;
};

function digested(code: string): string {
  const digest = digestTransferCode(code);
  if (digest === undefined) throw new Error("a code that was just made is none");
  return digest;
}
