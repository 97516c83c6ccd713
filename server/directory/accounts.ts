import type { VisitorId } from "../../protocol/events";

/**
 * Who a token proves one to be. A generation is a moment, in milliseconds since 1970 by the store's clock: 0, or when this
 * visitor's tokens were last ended. Older ones are worth nothing (ID-1). `since`: when it first came, by the clock of the
 * replica that it came to; unknown for tokens of before this was kept, and of a visitor that came over a code or an account.
 */
export type Session = { visitor: VisitorId; generation: number; since?: number; device?: DeviceId };

/** The tokens that followed from one to the next in one browser. It holds letters, digits, `-` and `_` only. */
export type DeviceId = string;

/** A device of an account. Moments in milliseconds since 1970 by the store's clock; `provenAt` is 0 if it never was. */
export type Device = { id: DeviceId; since: number; seenAt: number; provenAt: number; name: string };

/** Devices beyond it that were seen longest ago are no longer listed. */
export const maxDevices = 50;

/** Under what an end is kept: of a visitor's tokens, or of those of one device. No id of a visitor has a dot. */
export const endKey = ({ visitor, device }: Pick<Session, "visitor" | "device">): string =>
  device === undefined ? visitor : `${visitor}.${device}`;

export function readEnd(key: string, generation: number): Session {
  const [visitor = "", device] = key.split(".");
  return { visitor, generation, ...(device !== undefined && { device }) };
}

/** `password` is its hash, as a PHC string. */
export type Account = { handle: string; password: string };

/** At most `limit` within `windowMs` of the first one. `key` holds letters, digits, `-` and `_` only: it becomes part of a key. */
export type Quota = { key: string; limit: number; windowMs: number };

export type AccountKeeping = {
  /** How long it is remembered that tokens were ended: longer than any token lives. */
  endKeptMs: number;
};

/** How many ends `endsAfter` gives at most. */
export const endsPage = 1_000;

/**
 * What is known of visitors beyond one visit, the same for all replicas.
 *
 * - Every method throws ChatError("unavailable"), within about a second, when it cannot know the outcome, and
 *   ChatError("storage_full") when the store had no room; then nothing of the step was written.
 * - Each method is one step: of any number at once, on whichever replicas, one comes first.
 * - What takes a session throws ChatError("invalid_token"), and does nothing, when that visitor's tokens have been ended
 *   since it was signed.
 */
export interface AccountStore {
  /** False when accounts end with this process. */
  readonly isLasting: boolean;

  /** 0 for a visitor whose tokens, or those of its device, were not ended within `endKeptMs`. */
  generationOf(visitor: VisitorId, device?: DeviceId): Promise<number>;

  /** Ends all of the visitor's tokens. Returns its new generation, greater than all that were given before, to anybody. */
  end(session: Session): Promise<number>;

  /** Ends the tokens of one device, whose other devices stay. Returns the end. */
  endDevice(session: Session, device: DeviceId): Promise<number>;

  /**
   * Whose tokens were ended after a generation, in that order, `endsPage` at most; each visitor's last end only, and each
   * device's.
   */
  endsAfter(generation: number): Promise<Session[]>;

  /**
   * Keeps a transfer code for `ttlMs`; `digest` is what is left of it, of the same letters as a quota's key. Returns when it
   * lapses, in milliseconds since 1970 by the store's clock.
   */
  keepCode(digest: string, session: Session, ttlMs: number): Promise<number>;

  /**
   * Whose code it is, for one asker only, however many ask at once. Undefined for one that was never given, was taken, has
   * lapsed, or whose visitor's tokens have been ended since.
   */
  takeCode(digest: string): Promise<Session | undefined>;

  /** Whether it is this session's own code, and can still be taken. */
  holdsCode(digest: string, session: Session): Promise<boolean>;

  /**
   * Gives the visitor an account. Throws ChatError("forbidden") when it has one, ChatError("name_taken") when a handle of
   * this skeleton is somebody's.
   */
  add(session: Session, skeleton: string, account: Account): Promise<void>;

  /** The account with this handle, and whose it is in its present generation. */
  find(skeleton: string): Promise<{ session: Session; account: Account } | undefined>;

  /** The visitor's own account. */
  read(session: Session): Promise<Account | undefined>;

  /**
   * Puts another password in the account's place. With `ending` it ends all of the visitor's tokens, and returns the generation
   * from then on. Throws ChatError("forbidden") when the account is no longer as it `was`.
   */
  setPassword(session: Session, change: { was: Account; password: string; ending: boolean }): Promise<number>;

  /**
   * Notes that the session's device was here, and with `isProven` that it gave the password. False, and nothing is kept, for a
   * visitor without an account, or a session without a device. An empty name leaves the one that it has.
   */
  noteDevice(session: Session, seen: { name: string; isProven: boolean }): Promise<boolean>;

  /** The devices of the visitor's account whose tokens can be good, in no order. */
  devices(session: Session): Promise<Device[]>;

  /**
   * Takes the visitor's account away, frees its handle, and ends its tokens. Returns its new generation. Throws
   * ChatError("forbidden") when it has none.
   */
  remove(session: Session): Promise<number>;

  /** The same for a visitor with an account or without. */
  forget(session: Session): Promise<number>;

  /** Whether the visitor has an account, in whichever generation. */
  hasAccount(visitor: VisitorId): Promise<boolean>;

  /** Spends one of each quota, or none: then throws ChatError("rate_limited") that says when all have one again. */
  spend(quotas: readonly Quota[]): Promise<void>;
}
