import type { RoomId, VisitorId } from "../../protocol/events";
import { recordKeys } from "../records/keys";
import { listAt, storeTime } from "../records/kinds";
import type { Records } from "../records/records";

/** How many rooms of one visitor may be open at once, and how many it may make within `windowMs`. */
export type QuotaLimits = {
  open: number;
  made: number;
  windowMs: number;
  /** A slot older than this stands for a creation that has ended, in success or failure. */
  confirmedAfterMs: number;
};

export type Reservation =
  | { is: "granted" }
  /** `occupiedBy`: the slots in use for longer than `confirmedAfterMs`; the caller may check for each whether its room exists. */
  | { is: "refused"; over: "open" | "made"; occupiedBy: RoomId[]; retryAfterMs: number };

/**
 * How long a visitor's slots are kept after it took the last one, so that those of a visitor that never returns
 * expire. Far longer than most rooms live; a visitor that keeps ten alive for so long without making another may make
 * ten more.
 */
const slotsKeptMs = 400 * 86_400_000;
/** How long a visitor with too many open rooms waits; when it will close one is unknown. */
const openRetryMs = 60_000;

/**
 * C-9: the slots that visitors take up by making rooms.
 *
 * - All replicas read a write at once. Each method may be repeated.
 * - Every method throws ChatError("unavailable") when the outcome is unknown, and ChatError("storage_full") when the
 *   store is full.
 */
export class RoomSlots {
  constructor(private readonly records: Records) {}

  /**
   * Takes one of the visitor's slots for a room that it is about to make, if one is free: one step over all replicas.
   * A room that already has a slot takes no other, so a repeat costs nothing.
   */
  reserve(owner: VisitorId, room: RoomId, limits: QuotaLimits): Promise<Reservation> {
    const [open, made] = [openRooms(owner), madeRooms(owner)];
    return this.records.step(async (step) => {
      const all = { order: "lowest" } as const;
      const [now, opened, madeEver] = await step.read(storeTime, open.listed(all), made.listed(all));
      const madeLately = madeEver.filter(([, at]) => at > now - limits.windowMs);
      const refused = (over: "open" | "made", retryAfterMs: number): Reservation => {
        const confirmed = [...opened, ...madeLately].filter(([, at]) => at <= now - limits.confirmedAfterMs);
        return { is: "refused", over, occupiedBy: [...new Set(confirmed.map(([id]) => id))], retryAfterMs };
      };
      const isOpen = opened.some(([id]) => id === room);
      const isMade = madeLately.some(([id]) => id === room);
      if (!isOpen && opened.length >= limits.open) return refused("open", openRetryMs);
      if (!isMade && madeLately.length >= limits.made)
        return refused("made", Math.max(1, (madeLately[0]?.[1] ?? now) + limits.windowMs - now));
      await step.write([
        ...(isOpen ? [] : [open.score([room, now])]),
        ...(isMade ? [] : [made.score([room, now])]),
        open.keep(slotsKeptMs),
        made.keep(limits.windowMs),
        made.dropBelow(now - limits.windowMs + 1),
      ]);
      return { is: "granted" };
    });
  }

  /** Gives slots back: those among the open rooms, and those among the rooms made lately. */
  async giveBack(owner: VisitorId, { open, made }: { open: RoomId[]; made: RoomId[] }): Promise<void> {
    await this.records.write([
      ...(open.length > 0 ? [openRooms(owner).unlist(...open)] : []),
      ...(made.length > 0 ? [madeRooms(owner).unlist(...made)] : []),
    ]);
  }

  /** The rooms for which the visitor has a slot: those it made that may be open, and those it made lately. */
  async roomsOf(owner: VisitorId): Promise<RoomId[]> {
    const lists = [openRooms(owner), madeRooms(owner)];
    const slots = await this.records.read(...lists.map((list) => list.listed({ order: "lowest" })));
    return [...new Set(slots.flat().map(([room]) => room))];
  }

  /** Frees all of the visitor's slots; the rooms stay. */
  async forget(owner: VisitorId): Promise<void> {
    await this.records.write([openRooms(owner).remove(), madeRooms(owner).remove()]);
  }
}

const openRooms = (owner: VisitorId) => listAt(recordKeys.openRooms(owner));
const madeRooms = (owner: VisitorId) => listAt(recordKeys.madeRooms(owner));
