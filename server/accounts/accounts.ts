import type { ErrorCode, VisitorId } from "../../protocol/events";
import { ChatError } from "../errors";
import type { Clock } from "../lib/clock";
import type { Network } from "../lib/network";
import type { StoreSpace } from "../limits/store-space";
import type { AccountStore } from "./account-store";
import type { Account } from "./account-text";
import { findHandle, readHandle, readNewPassword, readPassword } from "./credentials";
import type { Identity, TokenSession } from "./identity";
import type { Passwords } from "./passwords";
import type { Quotas } from "./quotas";
import type { Session } from "./session";
import type { Sessions } from "./sessions";
import { digestTransferCode, makeTransferCode } from "./transfer-code";

/** H-3: long enough to fetch the other device, too short for a code found later in a photo. */
export const transferMs = 10 * 60_000;

/** How long a password given on a device counts as proof there: it need not be typed again right after signing up. */
export const provenMs = 10 * 60_000;

/** Who asks: from which network, with which token, if any, and with what kind of browser. */
export type AccountClient = { network: Network; token: string | undefined; deviceName?: string };

/** The visitor that the client is from now on. */
export type Welcome = { visitor: { id: VisitorId }; token: string };

/** `lasting` is false when the account ends with this process. `device` is for a later log-in (H-6). */
export type AccountWelcome = Welcome & { handle: string; lasting: boolean; device: string };

export type LogInInput = { handle: string; password: string };

/** A device in an account's list. Moments in milliseconds since 1970. */
export type ListedDevice = { id: string; since: number; seenAt: number; name: string; isThis: boolean };

/** Asked for again before an action that cannot be undone. */
export type PasswordProof = { network: Network; password?: string | undefined };

type AccountsOptions = {
  sessions: Sessions;
  identity: Identity;
  store: AccountStore;
  quotas: Quotas;
  passwords: Passwords;
  clock: Clock;
  /** What the store has room for; without it, for everything. */
  space?: StoreSpace;
};

/**
 * Keeps a visitor the same across devices. Every method throws ChatError("invalid_token") without a valid token, where
 * one is needed, and ChatError("rate_limited").
 */
export class Accounts {
  constructor(private readonly options: AccountsOptions) {}

  /**
   * Returns a code that makes another device this visitor, once. `expiresAt` in milliseconds since 1970. Throws as
   * `prove` does.
   */
  async transfer(client: AccountClient, password?: string): Promise<{ code: string; expiresAt: number }> {
    const session = await this.who(client);
    await this.options.quotas.spend("transfer", { network: client.network, visitor: session.visitor });
    await this.prove(session, { network: client.network, password });
    const code = makeTransferCode();
    const expiresAt = await this.options.store.keepCode(digested(code), session, transferMs);
    return { code, expiresAt };
  }

  /** Throws ChatError("expired") for every kind of invalid code. */
  async claim({ network, deviceName = "" }: AccountClient, code: string): Promise<Welcome> {
    await this.options.quotas.spend("claim", { network });
    const digest = digestTransferCode(code);
    const session = digest === undefined ? undefined : await this.options.store.takeCode(digest);
    if (session === undefined) throw new ChatError("expired", "The code has expired or is mistyped.");
    return this.welcome(
      await this.options.sessions.signDevice(session, { name: deviceName, isProven: false }),
    );
  }

  /** Ends this visitor's tokens everywhere; the asking client becomes a new visitor. */
  async logOut(client: AccountClient): Promise<Welcome> {
    const session = await this.who(client);
    await this.options.quotas.spend("log-out", { network: client.network });
    await this.end(session);
    return this.welcome(await this.options.sessions.create());
  }

  /**
   * Returns the visitor, its account's handle if it has one, and whether accounts outlast this process; given a code,
   * also whether that code is the visitor's and still valid.
   */
  async status(
    client: AccountClient,
    code?: string,
  ): Promise<{ visitor: { id: VisitorId }; handle?: string; lasting: boolean; good?: boolean }> {
    const session = await this.who(client);
    await this.options.quotas.spend("status", { network: client.network });
    const account = await this.options.store.read(session);
    return {
      visitor: { id: session.visitor },
      ...(account && { handle: account.handle }),
      lasting: this.options.store.isLasting,
      ...(code !== undefined && { good: await this.isGood(code, session) }),
    };
  }

  /**
   * Gives this visitor an account; it keeps its id. Throws ChatError("name_taken"), ChatError("forbidden") when it has
   * an account already, ChatError("bad_request") and ChatError("too_large") for an invalid handle or password.
   */
  async signUp(client: AccountClient, credentials: LogInInput): Promise<AccountWelcome> {
    const { quotas, passwords, store, space } = this.options;
    const { handle, skeleton } = readHandle(credentials.handle);
    const password = readNewPassword(credentials.password, handle);
    const session = await this.who(client);
    await quotas.spend("sign-up", { network: client.network, visitor: session.visitor });
    space?.check("creations");
    const account = { handle, password: await passwords.hash(password) };
    await store.add(session, skeleton, account).catch(rethrow(signUpRefusals));
    return this.welcomeWith(handle, session, client);
  }

  /**
   * Throws ChatError("forbidden") for a wrong handle and a wrong password alike, in the same words and after the same work.
   */
  async logIn(
    client: AccountClient,
    credentials: LogInInput & { device?: string | undefined },
  ): Promise<AccountWelcome> {
    const { quotas, passwords, store, identity } = this.options;
    const password = readPassword(credentials.password);
    const wanted = findHandle(credentials.handle);
    const mark = await identity.readMark(credentials.device);
    // Look up impossible handles too, so timing reveals nothing.
    const found = await store.find(wanted?.skeleton ?? "");
    const isKnown = mark !== undefined && mark.visitor === found?.session.visitor;
    const by = isKnown ? { mark: mark.id } : wanted && { handle: wanted.skeleton };
    await quotas.spend("log-in", { network: client.network, ...by });
    const isRight = await passwords.matches(found?.account.password, password);
    if (found === undefined || !isRight) throw new ChatError("forbidden", "Wrong handle or password.");
    // Keep the generation read before the password check: logging out everywhere meanwhile ends this token too.
    const { session, account } = found;
    const welcome = await this.welcomeWith(account.handle, session, client);
    await this.endBefore(client);
    return welcome;
  }

  /**
   * Gives the account another password and ends all of its other devices unless told not to. Throws
   * ChatError("forbidden") for a wrong password, and as readNewPassword does for the new one.
   */
  async changePassword(
    client: AccountClient,
    change: { password: string; newPassword: string; endOthers?: boolean | undefined },
  ): Promise<AccountWelcome> {
    const { store, passwords } = this.options;
    const session = await this.who(client);
    const was = await store.read(session);
    if (was === undefined) throw new ChatError("forbidden", noAccount);
    const chosen = readNewPassword(change.newPassword, was.handle);
    await this.compare(session, was, { network: client.network, password: change.password });
    const password = await passwords.hash(chosen);
    const ending = change.endOthers ?? true;
    const generation = await store
      .setPassword(session, { was, password, ending })
      .catch(rethrow(proofRefusals));
    return this.welcomeWith(was.handle, { ...session, generation }, client);
  }

  /** The devices that can still act as this visitor, the one seen last first. */
  async devices(client: AccountClient): Promise<{ devices: ListedDevice[] }> {
    const session = await this.who(client);
    await this.options.quotas.spend("devices", { network: client.network });
    const found = await this.options.store.devices(session);
    const devices = found
      .sort((a, b) => b.seenAt - a.seenAt)
      .map(({ id, since, seenAt, name }) => ({ id, since, seenAt, name, isThis: id === session.device }));
    return { devices };
  }

  /** Ends the tokens of one of the account's devices. Throws ChatError("forbidden"), and as `prove` does. */
  async endDevice(
    client: AccountClient,
    { device, password }: { device: string; password?: string | undefined },
  ): Promise<object> {
    const { store, sessions, quotas } = this.options;
    const session = await this.who(client);
    await quotas.spend("end-device", { network: client.network });
    await this.prove(session, { network: client.network, password });
    const found = await store.devices(session);
    if (!found.some(({ id }) => id === device)) throw new ChatError("forbidden", "There is no such device.");
    sessions.tell(await sessions.endDevice(session, device));
    return {};
  }

  /**
   * Removes the account and ends this visitor's tokens; the asking client becomes a new visitor. Throws
   * ChatError("forbidden"), and as `prove` does.
   */
  async delete(client: AccountClient, password?: string): Promise<Welcome> {
    const session = await this.who(client);
    await this.options.quotas.spend("delete", { network: client.network });
    await this.prove(session, { network: client.network, password });
    await this.end(session, "remove").catch(rethrow(deleteRefusals));
    return this.welcome(await this.options.sessions.create());
  }

  /**
   * Call before any action that a stolen token could use against the account. Throws ChatError("forbidden") for a wrong
   * password, or for a missing one that was not given on this device lately. Without an account there is no password to
   * ask for.
   */
  async prove(session: Session, proof: PasswordProof): Promise<void> {
    const { store, clock } = this.options;
    const account = await store.read(session);
    if (account === undefined) return;
    if (proof.password !== undefined)
      return this.compare(session, account, { ...proof, password: proof.password });
    const here = (await store.devices(session)).find(({ id }) => id === session.device);
    if (here === undefined || clock.now() - here.provenAt > provenMs)
      throw new ChatError("forbidden", "The password is needed for this.");
  }

  private async compare(
    session: Session,
    account: Account,
    { network, password }: { network: Network; password: string },
  ): Promise<void> {
    const { quotas, passwords } = this.options;
    await quotas.spend("confirm", { network, visitor: session.visitor });
    const isRight = await passwords.matches(account.password, readPassword(password));
    if (!isRight) throw new ChatError("forbidden", proofRefusals.forbidden);
  }

  /**
   * Ends the token of the visitor that the browser was before it logged in, so that a copy of it is worthless, and its
   * connections. Listeners here are not told at once: other tabs of this browser must learn of the new token first.
   */
  private async endBefore({ token }: AccountClient): Promise<void> {
    const { sessions } = this.options;
    if (token === undefined) return;
    try {
      const before = await sessions.read(token);
      if (before.device !== undefined) await sessions.endDevice(before, before.device);
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
    }
  }

  /**
   * Ends a visitor for good: its tokens, its codes, and its account if it has one. Returns the ended session, for
   * `Sessions.tell`. Throws ChatError("invalid_token").
   */
  forget(session: Session): Promise<Session> {
    return this.options.sessions.end(session, "forget");
  }

  /** Whether logging in can bring this visitor back although its tokens have been ended. */
  canReturn(visitor: VisitorId): Promise<boolean> {
    return this.options.store.hasAccount(visitor);
  }

  private async isGood(code: string, session: Session): Promise<boolean> {
    const digest = digestTransferCode(code);
    return digest !== undefined && this.options.store.holdsCode(digest, session);
  }

  private async end(session: Session, step?: "remove"): Promise<void> {
    const { sessions } = this.options;
    sessions.tell(await sessions.end(session, step));
  }

  private async who({ token }: AccountClient): Promise<TokenSession> {
    const { sessions } = this.options;
    const session = await sessions.read(token);
    // The store's scripts refuse only visitors that were ended, so check for a device that was ended here.
    if (session.device !== undefined) await sessions.check(session);
    return session;
  }

  private welcome({ visitor, token }: { visitor: VisitorId; token: string }): Welcome {
    return { visitor: { id: visitor }, token };
  }

  /** Signs in a device on which the password has just been given. */
  private async welcomeWith(
    handle: string,
    session: Session,
    { deviceName = "" }: AccountClient,
  ): Promise<AccountWelcome> {
    const { sessions, identity, store } = this.options;
    const signed = await sessions.signDevice(session, { name: deviceName, isProven: true });
    const device = await identity.signMark(session.visitor);
    return { ...this.welcome(signed), handle, lasting: store.isLasting, device };
  }
}

/** The message for each of the store's error codes. */
type Refusals = Partial<Record<ErrorCode, string>>;
const signUpRefusals: Refusals = {
  name_taken: "This handle is taken.",
  forbidden: "This visitor has an account already.",
};
const noAccount = "This visitor has no account.";
const deleteRefusals: Refusals = { forbidden: noAccount };
const proofRefusals = { forbidden: "The password is wrong." } satisfies Refusals;

const rethrow = (refusals: Refusals) => (error: unknown) => {
  throw error instanceof ChatError ? new ChatError(error.code, refusals[error.code]) : error;
};

function digested(code: string): string {
  const digest = digestTransferCode(code);
  if (digest === undefined) throw new Error("a code that was just made is none");
  return digest;
}
