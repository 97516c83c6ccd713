import type { ErrorCode, VisitorId } from "../../protocol/events";
import type { Account, AccountStore, Session } from "../directory/accounts";
import type { Clock } from "../lib/clock";
import type { Network } from "../lib/network";
import { findHandle, readHandle, readNewPassword, readPassword } from "./credentials";
import { ChatError } from "./errors";
import type { Identity, TokenSession } from "./identity";
import type { Passwords } from "./passwords";
import type { Quotas } from "./quotas";
import type { Sessions } from "./sessions";
import type { StoreSpace } from "./store-space";
import { digestTransferCode, makeTransferCode } from "./transfer-code";

/** H-3: long enough to fetch the other device, too short to be found in a photo later. */
export const transferMs = 10 * 60_000;

/**
 * How long a password that was given on a device counts for what it is asked for again: with an account that has just been
 * made nobody types it twice.
 */
export const provenMs = 10 * 60_000;

/** Who asks: from which network, with which token, if any, and with what kind of browser. */
export type Visit = { network: Network; token: string | undefined; deviceName?: string };

/** Who one is from now on. */
export type Welcome = { visitor: { id: VisitorId }; token: string };

/** `lasting` is false when the account ends with this process. `device` is for a later log-in (H-6). */
export type AccountWelcome = Welcome & { handle: string; lasting: boolean; device: string };

export type Credentials = { handle: string; password: string };

/** A device in an account's list. Moments in milliseconds since 1970. */
export type ListedDevice = { id: string; since: number; seenAt: number; name: string; isThis: boolean };

/** What is asked for again before what cannot be taken back. */
export type Proof = { network: Network; password?: string | undefined };

type World = {
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
 * How a visitor stays the same over devices. Everything throws ChatError("invalid_token") without a good token, where one
 * is needed, and ChatError("rate_limited").
 */
export class Accounts {
  constructor(private readonly world: World) {}

  /**
   * A code that makes another device this visitor, once. `expiresAt` in milliseconds since 1970. Throws as `prove` does.
   */
  async transfer(visit: Visit, password?: string): Promise<{ code: string; expiresAt: number }> {
    const session = await this.who(visit);
    await this.world.quotas.spend("transfer", { network: visit.network, visitor: session.visitor });
    await this.prove(session, { network: visit.network, password });
    const code = makeTransferCode();
    const expiresAt = await this.world.store.keepCode(digested(code), session, transferMs);
    return { code, expiresAt };
  }

  /** Throws ChatError("expired"), whatever is wrong with the code. */
  async claim({ network, deviceName = "" }: Visit, code: string): Promise<Welcome> {
    await this.world.quotas.spend("claim", { network });
    const digest = digestTransferCode(code);
    const session = digest === undefined ? undefined : await this.world.store.takeCode(digest);
    if (session === undefined) throw new ChatError("expired", "The code is not valid, or no longer.");
    return this.welcome(await this.world.sessions.signDevice(session, { name: deviceName, isProven: false }));
  }

  /** Ends this visitor's tokens everywhere; who asked is somebody new. */
  async logOut(visit: Visit): Promise<Welcome> {
    const session = await this.who(visit);
    await this.world.quotas.spend("log-out", { network: visit.network });
    await this.end(session);
    return this.welcome(await this.world.sessions.create());
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
    const password = readNewPassword(credentials.password, handle);
    const session = await this.who(visit);
    await quotas.spend("sign-up", { network: visit.network, visitor: session.visitor });
    space?.check("creations");
    const account = { handle, password: await passwords.hash(password) };
    await store.add(session, skeleton, account).catch(rethrow(signUpRefusals));
    return this.welcomeWith(handle, session, visit);
  }

  /**
   * Throws ChatError("forbidden") for a wrong handle and a wrong password alike, in the same words and after the same work.
   */
  async logIn(
    visit: Visit,
    credentials: Credentials & { device?: string | undefined },
  ): Promise<AccountWelcome> {
    const { quotas, passwords, store, identity } = this.world;
    const password = readPassword(credentials.password);
    const wanted = findHandle(credentials.handle);
    const mark = await identity.readMark(credentials.device);
    // What nobody can have is looked for all the same: nothing tells it from what nobody has.
    const found = await store.find(wanted?.skeleton ?? "");
    const isKnown = mark !== undefined && mark.visitor === found?.session.visitor;
    const by = isKnown ? { mark: mark.id } : wanted && { handle: wanted.skeleton };
    await quotas.spend("log-in", { network: visit.network, ...by });
    const isRight = await passwords.matches(found?.account.password, password);
    if (found === undefined || !isRight)
      throw new ChatError("forbidden", "The handle or the password is wrong.");
    // In the generation of before the password was tried: who logged out everywhere meanwhile has ended this one too.
    const { session, account } = found;
    const welcome = await this.welcomeWith(account.handle, session, visit);
    await this.endBefore(visit);
    return welcome;
  }

  /**
   * Gives the account another password and, unless it is asked not to, ends all of its devices but the one that asks. Throws
   * ChatError("forbidden") for a wrong one, and as a new password does.
   */
  async changePassword(
    visit: Visit,
    change: { password: string; newPassword: string; endOthers?: boolean | undefined },
  ): Promise<AccountWelcome> {
    const { store, passwords } = this.world;
    const session = await this.who(visit);
    const was = await store.read(session);
    if (was === undefined) throw new ChatError("forbidden", noAccount);
    const chosen = readNewPassword(change.newPassword, was.handle);
    await this.compare(session, was, { network: visit.network, password: change.password });
    const password = await passwords.hash(chosen);
    const ending = change.endOthers ?? true;
    const generation = await store
      .setPassword(session, { was, password, ending })
      .catch(rethrow(proofRefusals));
    return this.welcomeWith(was.handle, { ...session, generation }, visit);
  }

  /** The devices that go on as this visitor, the one seen last first. */
  async devices(visit: Visit): Promise<{ devices: ListedDevice[] }> {
    const session = await this.who(visit);
    await this.world.quotas.spend("devices", { network: visit.network });
    const found = await this.world.store.devices(session);
    const devices = found
      .sort((a, b) => b.seenAt - a.seenAt)
      .map(({ id, since, seenAt, name }) => ({ id, since, seenAt, name, isThis: id === session.device }));
    return { devices };
  }

  /** Ends the tokens of one of the account's devices. Throws ChatError("forbidden"), and as `prove` does. */
  async endDevice(
    visit: Visit,
    { device, password }: { device: string; password?: string | undefined },
  ): Promise<object> {
    const { store, sessions, quotas } = this.world;
    const session = await this.who(visit);
    await quotas.spend("end-device", { network: visit.network });
    await this.prove(session, { network: visit.network, password });
    const found = await store.devices(session);
    if (!found.some(({ id }) => id === device)) throw new ChatError("forbidden", "There is no such device.");
    sessions.tell(await sessions.endDevice(session, device));
    return {};
  }

  /**
   * Takes the account away and ends this visitor's tokens; who asked is somebody new. Throws ChatError("forbidden"), and as
   * `prove` does.
   */
  async delete(visit: Visit, password?: string): Promise<Welcome> {
    const session = await this.who(visit);
    await this.world.quotas.spend("delete", { network: visit.network });
    await this.prove(session, { network: visit.network, password });
    await this.end(session, "remove").catch(rethrow(deleteRefusals));
    return this.welcome(await this.world.sessions.create());
  }

  /**
   * To be called before what whoever holds a token could do to an account. Throws ChatError("forbidden") for a password that
   * is wrong, or that is missing and was not given on this device lately. Without an account there is nothing to ask for.
   */
  async prove(session: Session, proof: Proof): Promise<void> {
    const { store, clock } = this.world;
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
    const { quotas, passwords } = this.world;
    await quotas.spend("confirm", { network, visitor: session.visitor });
    const isRight = await passwords.matches(account.password, readPassword(password));
    if (!isRight) throw new ChatError("forbidden", proofRefusals.forbidden);
  }

  /**
   * Who logs in leaves who it was: a copy of that token is worth nothing, and its connections end. Not at once: other tabs of
   * this browser are to learn of the new token first.
   */
  private async endBefore({ token }: Visit): Promise<void> {
    const { sessions } = this.world;
    if (token === undefined) return;
    try {
      const before = await sessions.read(token);
      if (before.device !== undefined) await sessions.endDevice(before, before.device);
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
    }
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

  private async who({ token }: Visit): Promise<TokenSession> {
    const { sessions } = this.world;
    const session = await sessions.read(token);
    // What a script of the store's refuses is an ended visitor only.
    if (session.device !== undefined) await sessions.check(session);
    return session;
  }

  private welcome({ visitor, token }: { visitor: VisitorId; token: string }): Welcome {
    return { visitor: { id: visitor }, token };
  }

  /** For a device on which the password has just been given. */
  private async welcomeWith(
    handle: string,
    session: Session,
    { deviceName = "" }: Visit,
  ): Promise<AccountWelcome> {
    const { sessions, identity, store } = this.world;
    const signed = await sessions.signDevice(session, { name: deviceName, isProven: true });
    const device = await identity.signMark(session.visitor);
    return { ...this.welcome(signed), handle, lasting: store.isLasting, device };
  }
}

/** What a code of the store's means here. */
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
