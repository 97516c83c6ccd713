import type { RoomId, VisitorId } from "../../protocol/events";
import { isPublicRoom, lobbyId } from "../../protocol/limits";
import { ChatError } from "../errors";
import { recordKeys } from "../records/keys";
import { listAt, setAt, storeTime } from "../records/kinds";
import type { Records } from "../records/records";
import type { Session } from "./session";

/**
 * How long after its last visit the rooms of a visitor that has spoken are remembered: longer than most rooms keep
 * anything of it.
 */
export const visitsKeptMs = 400 * 86_400_000;
/** The same for a visitor that has said nothing: making one costs only a handshake, so its traces must not last. */
export const silentVisitsKeptMs = 86_400_000;
/** A speaker's further visits prolong the lifetime this seldom, so that a join costs one write. */
const prolongedEachMs = 86_400_000;
/** A replica finishes a forgetting within this time, or another replica takes it. */
export const forgettingRetryMs = 30_000;
/** Of a visitor that was in more rooms than this, `shared` looks at some only. */
export const mostSharedRead = 1_000;
/** How many forgettings are taken at once. */
export const forgettingsTaken = 10;

/**
 * Where visitors have been, so that they can be forgotten there, and which visitors are still to be forgotten. Shared
 * by all replicas. Every method throws ChatError("unavailable") when the outcome is unknown, and
 * ChatError("storage_full") when the store is full. Each may be repeated.
 */
export class VisitedRooms {
  constructor(private readonly records: Records) {}

  /**
   * Call before anything of the visitor is written into the room. A visit is remembered for `silentVisitsKeptMs`, and
   * for `visitsKeptMs` once the visitor has spoken anywhere. Returns whether the visit was known before; then a full
   * store does not refuse it.
   */
  async visited(visitor: VisitorId, room: RoomId): Promise<boolean> {
    const { wasThere, leftMs } = await this.note(visitor, room, silentVisitsKeptMs);
    // More than a silent visitor's time is left only to one that has spoken.
    if (leftMs > silentVisitsKeptMs && leftMs < visitsKeptMs - prolongedEachMs)
      await this.records.write([roomsOf(visitor).keep(visitsKeptMs)]);
    return wasThere;
  }

  /** Call before anything that the visitor says is written into the room. */
  async spokeIn(visitor: VisitorId, room: RoomId): Promise<void> {
    await this.note(visitor, room, visitsKeptMs);
  }

  /** Public rooms that both visitors were in; only some of them when there are very many. */
  async shared(one: VisitorId, other: VisitorId): Promise<RoomId[]> {
    const [ofOne, ofOther] = [roomsOf(one), roomsOf(other)];
    const [size, otherSize] = await this.records.read(ofOne.size(), ofOther.size());
    const [few, many] = size <= otherSize ? [ofOne, ofOther] : [ofOther, ofOne];
    const [some] = await this.records.read(few.some(mostSharedRead));
    const rooms = [...new Set([lobbyId, ...some.filter(isPublicRoom)])];
    const [inMany, [isFewInLobby]] = await this.records.read(many.has(...rooms), few.has(lobbyId));
    return rooms.filter((room, index) => inMany[index] && (room !== lobbyId || isFewInLobby));
  }

  /** Every room that the visitor was in. */
  async roomsOf(visitor: VisitorId): Promise<RoomId[]> {
    return (await this.records.read(roomsOf(visitor).members()))[0];
  }

  /** Stores that the visitor must be forgotten in `delayMs`. No replica's death loses it. */
  async beginForgetting(session: Session, delayMs: number): Promise<void> {
    const [now] = await this.records.read(storeTime);
    await this.records.write([pendingForgettings.score([memberOf(session), now + delayMs])], {
      evenWhenFull: true,
    });
  }

  /** Takes due forgettings, `forgettingsTaken` at most; no other replica gets them for `forgettingRetryMs`. */
  async takeForgetting(): Promise<Session[]> {
    return this.records.step(async (step) => {
      const [now, first] = await step.read(
        storeTime,
        pendingForgettings.listed({ order: "lowest", most: forgettingsTaken }),
      );
      const due = first.filter(([, dueAt]) => dueAt <= now).map(([member]) => member);
      if (due.length === 0) return [];
      const later = due.map((member): [string, number] => [member, now + forgettingRetryMs]);
      await step.write([pendingForgettings.score(...later)], { evenWhenFull: true });
      return due.map(readSession);
    });
  }

  /** Removes the visitor's rooms, and the forgetting itself. */
  async endForgetting(session: Session): Promise<void> {
    // In this order: a forgetting that is still stored is done again, and one that is gone has left nothing behind.
    await this.records.write([roomsOf(session.visitor).remove()]);
    await this.records.write([pendingForgettings.unlist(memberOf(session))]);
  }

  private async note(
    visitor: VisitorId,
    room: RoomId,
    leastMs: number,
  ): Promise<{ wasThere: boolean; leftMs: number }> {
    const rooms = roomsOf(visitor);
    try {
      const [isNew, leftMs] = await this.records.write([rooms.add(room), rooms.keepAtLeast(leastMs)]);
      return { wasThere: !isNew, leftMs };
    } catch (error) {
      if (!(error instanceof ChatError && error.code === "storage_full")) throw error;
      const [[wasThere]] = await this.records.read(rooms.has(room));
      if (!wasThere) throw error;
      const [leftMs] = await this.records.write([rooms.keepAtLeast(leastMs)]);
      return { wasThere, leftMs };
    }
  }
}

const roomsOf = (visitor: VisitorId) => setAt(recordKeys.visits(visitor));
const pendingForgettings = listAt(recordKeys.forgetting);

const memberOf = ({ visitor, generation }: Session): string => `${visitor} ${generation}`;

function readSession(member: string): Session {
  const [visitor = "", generation] = member.split(" ");
  return { visitor, generation: Number(generation) };
}
