import type { VisitorId } from "../../protocol/events";

/**
 * The visitor that a token stands for. A generation is a moment, in milliseconds since 1970 by the store's clock: 0, or
 * when this visitor's tokens were last ended. Tokens of an older generation are invalid (ID-1). `since`: when the
 * visitor first came, by the clock of the replica that it came to; missing in tokens of older versions, and for a
 * visitor that came with a code or an account.
 */
export type Session = { visitor: VisitorId; generation: number; since?: number; device?: DeviceId };

/** Identifies the successive tokens of one browser. It holds letters, digits, `-` and `_` only. */
export type DeviceId = string;

/**
 * A device of an account. Moments in milliseconds since 1970 by the store's clock; `provenAt`, when it last gave the
 * password, is 0 if it never did.
 */
export type Device = { id: DeviceId; since: number; seenAt: number; provenAt: number; name: string };

/** Beyond this number, the devices seen longest ago are no longer kept. */
export const maxDevices = 50;

/** The key of an end: of a visitor's tokens, or of those of one device. A visitor's id has no dot. */
export const endKey = ({ visitor, device }: Pick<Session, "visitor" | "device">): string =>
  device === undefined ? visitor : `${visitor}.${device}`;

export function readEnd(key: string, generation: number): Session {
  const [visitor = "", device] = key.split(".");
  return { visitor, generation, ...(device !== undefined && { device }) };
}

/** `password` is its hash, as a PHC string. */
export type Account = { handle: string; password: string };

/**
 * At most `limit` uses within `windowMs` of the first. `key`, part of a key, holds letters, digits, `-` and `_` only.
 */
export type AccountQuota = { key: string; limit: number; windowMs: number };

export type AccountKeeping = {
  /** How long an end is remembered: longer than any token lives. */
  endKeptMs: number;
};

/** The most ends that `endsAfter` returns. */
export const endsPage = 1_000;

/**
 * What is kept of visitors beyond one visit, shared by all replicas.
 *
 * - Every method throws ChatError("unavailable"), within about a second, when the outcome is unknown, and
 *   ChatError("storage_full") when the store is full and wrote nothing.
 * - Each method is one step: concurrent calls, on any replicas, take effect one after another.
 * - A method that takes a session, except `holdsCode`, throws ChatError("invalid_token") and does nothing when that
 *   visitor's tokens have been ended since the session was signed.
 */
export interface AccountStore {
  /** False when accounts end with this process. */
  readonly isLasting: boolean;

  /** When the tokens of the visitor, or of its `device`, were last ended; 0 for no end within `endKeptMs`. */
  generationOf(visitor: VisitorId, device?: DeviceId): Promise<number>;

  /** Ends all of the visitor's tokens. Returns its new generation, greater than any given before to any visitor. */
  end(session: Session): Promise<number>;

  /** Ends the tokens of one device; the visitor's other devices stay. Returns when, as a generation. */
  endDevice(session: Session, device: DeviceId): Promise<number>;

  /** The ends after a generation, in order, `endsPage` at most; only the last end of each visitor and device. */
  endsAfter(generation: number): Promise<Session[]>;

  /**
   * Keeps a transfer code for `ttlMs`, by its `digest` only, which has the same letters as a quota's key. Returns when
   * it lapses, in milliseconds since 1970 by the store's clock.
   */
  keepCode(digest: string, session: Session, ttlMs: number): Promise<number>;

  /**
   * Takes a code and returns its session; of concurrent calls only one gets it. Undefined for a code that was never
   * given, was taken or has lapsed, or whose visitor's tokens have been ended since.
   */
  takeCode(digest: string): Promise<Session | undefined>;

  /** Whether it is this session's own code, and can still be taken. */
  holdsCode(digest: string, session: Session): Promise<boolean>;

  /**
   * Gives the visitor an account. Throws ChatError("forbidden") when it has one, ChatError("name_taken") when a handle
   * of this skeleton is taken.
   */
  add(session: Session, skeleton: string, account: Account): Promise<void>;

  /** The account with this handle, and its visitor in its present generation. */
  find(skeleton: string): Promise<{ session: Session; account: Account } | undefined>;

  /** The visitor's own account. */
  read(session: Session): Promise<Account | undefined>;

  /**
   * Changes the account's password. With `ending` it also ends all of the visitor's tokens. Returns the visitor's
   * generation after that. Throws ChatError("forbidden") when the account is no longer as it `was`.
   */
  setPassword(session: Session, change: { was: Account; password: string; ending: boolean }): Promise<number>;

  /**
   * Notes that the session's device was seen, and with `isProven` that it gave the password. Returns false and keeps
   * nothing for a visitor without an account, or a session without a device. An empty name leaves the device's name as
   * it is.
   */
  noteDevice(session: Session, seen: { name: string; isProven: boolean }): Promise<boolean>;

  /** The devices of the visitor's account whose tokens can still be valid, in no order. */
  devices(session: Session): Promise<Device[]>;

  /**
   * Removes the visitor's account, frees its handle, and ends its tokens. Returns its new generation. Throws
   * ChatError("forbidden") when it has none.
   */
  remove(session: Session): Promise<number>;

  /** Does the same for a visitor with or without an account. */
  forget(session: Session): Promise<number>;

  /** Whether the visitor has an account, in any generation. */
  hasAccount(visitor: VisitorId): Promise<boolean>;

  /** Spends one of each quota, or none: then throws ChatError("rate_limited") with the wait until all have one. */
  spend(quotas: readonly AccountQuota[]): Promise<void>;
}
