import type { ErrorCode, VisitorId } from "../../protocol/events";
import { ChatError } from "../errors";
import type { Clock } from "../lib/clock";
import type { StoreSpace } from "../limits/store-space";
import { type AccountClient, sessionOf, type Welcome, welcome } from "./account-client";
import type { AccountStore } from "./account-store";
import { findHandle, readHandle, readNewPassword, readPassword } from "./credentials";
import { Devices } from "./devices";
import type { Identity } from "./identity";
import { PasswordProofs, wrongPassword } from "./password-proofs";
import type { Passwords } from "./passwords";
import type { Quotas } from "./quotas";
import type { Session } from "./session";
import type { Sessions } from "./sessions";
import { Transfers } from "./transfers";

/** `lasting` is false when the account ends with this process. `device` is for a later log-in (H-6). */
export type AccountWelcome = Welcome & { handle: string; lasting: boolean; device: string };

export type LogInInput = { handle: string; password: string };

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
  readonly proofs: PasswordProofs;
  readonly transfers: Transfers;
  readonly devices: Devices;

  constructor(private readonly options: AccountsOptions) {
    this.proofs = new PasswordProofs(options);
    this.transfers = new Transfers(options, this.proofs);
    this.devices = new Devices(options, this.proofs);
  }

  /** Ends this visitor's tokens everywhere; the asking client becomes a new visitor. */
  async logOut(client: AccountClient): Promise<Welcome> {
    const session = await sessionOf(this.options.sessions, client);
    await this.options.quotas.spend("log-out", { network: client.network });
    await this.end(session);
    return welcome(await this.options.sessions.create());
  }

  /**
   * Returns the visitor, its account's handle if it has one, and whether accounts outlast this process; given a code,
   * also whether that code is the visitor's and still valid.
   */
  async status(
    client: AccountClient,
    code?: string,
  ): Promise<{ visitor: { id: VisitorId }; handle?: string; lasting: boolean; good?: boolean }> {
    const session = await sessionOf(this.options.sessions, client);
    await this.options.quotas.spend("status", { network: client.network });
    const account = await this.options.store.read(session);
    return {
      visitor: { id: session.visitor },
      ...(account && { handle: account.handle }),
      lasting: this.options.store.isLasting,
      ...(code !== undefined && { good: await this.transfers.canBeClaimed(code, session) }),
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
    const session = await sessionOf(this.options.sessions, client);
    await quotas.spend("sign-up", { network: client.network, visitor: session.visitor });
    space?.check("creations");
    const account = { handle, password: await passwords.hash(password) };
    await store.add(session, skeleton, account).catch(rethrow(signUpRefusals));
    return this.welcomeWith(handle, session, client);
  }

  /**
   * Throws ChatError("forbidden") for a wrong handle and a wrong password alike, in the same words and after the same
   * work.
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
    const answer = await this.welcomeWith(account.handle, session, client);
    await this.endBefore(client);
    return answer;
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
    const session = await sessionOf(this.options.sessions, client);
    const was = await store.read(session);
    if (was === undefined) throw new ChatError("forbidden", noAccount);
    const chosen = readNewPassword(change.newPassword, was.handle);
    await this.proofs.compare(session, was, { network: client.network, password: change.password });
    const password = await passwords.hash(chosen);
    const ending = change.endOthers ?? true;
    const generation = await store
      .setPassword(session, { was, password, ending })
      .catch(rethrow(proofRefusals));
    return this.welcomeWith(was.handle, { ...session, generation }, client);
  }

  /**
   * Removes the account and ends this visitor's tokens; the asking client becomes a new visitor. Throws
   * ChatError("forbidden"), and as PasswordProofs.check does.
   */
  async delete(client: AccountClient, password?: string): Promise<Welcome> {
    const session = await sessionOf(this.options.sessions, client);
    await this.options.quotas.spend("delete", { network: client.network });
    await this.proofs.check(session, { network: client.network, password });
    await this.end(session, "remove").catch(rethrow(deleteRefusals));
    return welcome(await this.options.sessions.create());
  }

  /**
   * Ends a visitor for good: its tokens, its codes, and its account if it has one. Returns the ended session, for
   * `KnownEnds.announce`. Throws ChatError("invalid_token").
   */
  forget(session: Session): Promise<Session> {
    return this.options.sessions.end(session, "forget");
  }

  /** Whether logging in can bring this visitor back although its tokens have been ended. */
  canReturn(visitor: VisitorId): Promise<boolean> {
    return this.options.store.hasAccount(visitor);
  }

  /**
   * Ends the token that this browser had before it logged in, with its connections: a copy of it is worthless then.
   * Listeners here are not told at once: other tabs of this browser must learn of the new token first.
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

  private async end(session: Session, step?: "remove"): Promise<void> {
    const { sessions } = this.options;
    sessions.ends.announce(await sessions.end(session, step));
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
    return { ...welcome(signed), handle, lasting: store.isLasting, device };
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
const proofRefusals: Refusals = { forbidden: wrongPassword };

const rethrow = (refusals: Refusals) => (error: unknown) => {
  throw error instanceof ChatError ? new ChatError(error.code, refusals[error.code]) : error;
};
