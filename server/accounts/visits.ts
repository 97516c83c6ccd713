import type { RoomId, VisitorId } from "../../protocol/events";
import type { Session } from "./account-store";

/**
 * How long after its last visit the rooms of a visitor that has spoken are remembered: longer than most rooms keep
 * anything of it.
 */
export const visitsKeptMs = 400 * 86_400_000;
/** The same for a visitor that has said nothing: making one costs only a handshake, so its traces must not last. */
export const silentVisitsKeptMs = 86_400_000;
/** A replica finishes an errand within this time, or another replica takes it. */
export const errandMs = 30_000;
/** Of a visitor that was in more rooms than this, `shared` looks at some only. */
export const sharedLookedAt = 1_000;
/** How many errands are taken at once. */
export const errandsTaken = 10;

/**
 * Where visitors have been, so that they can be forgotten there, and which visitors are still to be forgotten. Shared
 * by all replicas. Every method throws ChatError("unavailable") when the outcome is unknown, and
 * ChatError("storage_full") when the store is full. Each may be repeated.
 */
export interface Visits {
  /**
   * Call before anything of the visitor is written into the room. A visit is remembered for `silentVisitsKeptMs`, and
   * for `visitsKeptMs` once the visitor has spoken anywhere. Returns whether the visit was known before; then a full
   * store does not refuse it.
   */
  visited(visitor: VisitorId, room: RoomId): Promise<boolean>;

  /** Call before anything that the visitor says is written into the room. */
  spoke(visitor: VisitorId, room: RoomId): Promise<void>;

  /** Public rooms that both visitors were in; only some of them when there are very many. */
  shared(one: VisitorId, other: VisitorId): Promise<RoomId[]>;

  /** Every room that the visitor was in. */
  roomsOf(visitor: VisitorId): Promise<RoomId[]>;

  /** Stores an errand to forget that visitor, due in `delayMs`. No replica's death loses it. */
  beginForgetting(session: Session, delayMs: number): Promise<void>;

  /** Takes due errands, `errandsTaken` at most; no other replica gets them for `errandMs`. */
  takeForgetting(): Promise<Session[]>;

  /** Ends the errand, and forgets the visitor's rooms. */
  endForgetting(session: Session): Promise<void>;
}
