import type { RoomId, VisitorId } from "../../protocol/events";
import type { Session } from "./accounts";

/** How long a visitor that does not return is known to have been in rooms, once it has spoken: longer than most keep anything of it. */
export const visitsKeptMs = 400 * 86_400_000;
/** The same of one that has said nothing: a visitor costs no more than a handshake, and so must not cost more for longer. */
export const silentVisitsKeptMs = 86_400_000;
/** Whoever takes an errand has done it within this time, or another replica takes it. */
export const errandMs = 30_000;
/** Of a visitor that was in more rooms than this, some are looked at. */
export const sharedLookedAt = 1_000;
/** How many errands are taken at once. */
export const errandsTaken = 10;

/**
 * Where visitors have been, so that they can be forgotten there, and who is still to be forgotten. The same for all
 * replicas. Every method throws ChatError("unavailable") when it cannot know the outcome, and ChatError("storage_full") when
 * the store had no room. Each may be repeated.
 */
export interface Visits {
  /**
   * To be written before anything of the visitor can stand in the room. Known for `silentVisitsKeptMs`, and for
   * `visitsKeptMs` once it has spoken anywhere. Returns whether that was known before; then it is never refused for want of
   * room.
   */
  visited(visitor: VisitorId, room: RoomId): Promise<boolean>;

  /** To be written before anything that the visitor has said can stand in the room. */
  spoke(visitor: VisitorId, room: RoomId): Promise<void>;

  /** Public rooms in which both of them were, some of them when there are very many. */
  shared(one: VisitorId, other: VisitorId): Promise<RoomId[]>;

  /** Every room that the visitor was in. */
  roomsOf(visitor: VisitorId): Promise<RoomId[]>;

  /** Leaves an errand, to forget that visitor, that is due in `delayMs`; from then on it is not lost, whoever dies. */
  beginForgetting(session: Session, delayMs: number): Promise<void>;

  /** Takes errands that are due, `errandsTaken` at most; nobody else gets them for `errandMs`. */
  takeForgetting(): Promise<Session[]>;

  /** The errand is done: nothing is known of that visitor's rooms any more. */
  endForgetting(session: Session): Promise<void>;
}
