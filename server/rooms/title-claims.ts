import type { RoomId } from "../../protocol/events";
import { recordKeys } from "../records/keys";
import { listAt, mapAt, storeTime } from "../records/kinds";
import type { Records } from "../records/records";

/**
 * A title by its skeleton, and the room that has it or is about to take it. `at`: when it was claimed or last
 * confirmed, by the store's clock.
 */
export type TitleClaim = { skeleton: string; room: RoomId; at: number };

/** `now` by the store's clock. */
export type TitleAnswer = { is: "granted" | "taken"; claim: TitleClaim; now: number };

/**
 * C-6: which room has, or is about to take, a title.
 *
 * - All replicas read a write at once. Each method may be repeated.
 * - Every method throws ChatError("unavailable") when the outcome is unknown, and ChatError("storage_full") when the
 *   store is full.
 */
export class TitleClaims {
  constructor(private readonly records: Records) {}

  /**
   * Claims a title for a room that is about to be made, unless another room has it: one step over all replicas. A room
   * that already has the title renews its claim. Returns the claim on the title after the step.
   */
  claim(skeleton: string, room: RoomId): Promise<TitleAnswer> {
    return this.records.step(async (step) => {
      const [now, holder, [at = 0]] = await step.read(
        storeTime,
        titles.field(skeleton),
        titleTimes.scores(skeleton),
      );
      if (holder !== undefined && holder !== room)
        return { is: "taken", claim: { skeleton, room: holder, at }, now };
      await step.write([titles.setField(skeleton, room), titleTimes.score([skeleton, now])]);
      return { is: "granted", claim: { skeleton, room, at: now }, now };
    });
  }

  /** The claims that were confirmed the longest ago, and the present time. */
  async oldest(count: number): Promise<{ now: number; claims: TitleClaim[] }> {
    const [now, oldest] = await this.records.read(
      storeTime,
      titleTimes.listed({ order: "lowest", most: count }),
    );
    const rooms = await this.records.read(...oldest.map(([skeleton]) => titles.field(skeleton)));
    const claims = oldest.flatMap(([skeleton, at], index) => {
      const room = rooms[index];
      return room === undefined ? [] : [{ skeleton, room, at }];
    });
    return { now, claims };
  }

  /** Frees titles, and confirms others; each only if its claim has not changed since it was read. */
  freeAndConfirm({ gone, there }: { gone: TitleClaim[]; there: TitleClaim[] }): Promise<void> {
    const claims = [...gone, ...there];
    return this.records.step(async (step) => {
      if (claims.length === 0) return;
      const skeletons = claims.map(({ skeleton }) => skeleton);
      const [now, times, ...rooms] = await step.read(
        storeTime,
        titleTimes.scores(...skeletons),
        ...skeletons.map((skeleton) => titles.field(skeleton)),
      );
      const known = new Map(skeletons.map((each, index) => [each, { room: rooms[index], at: times[index] }]));
      const isAsRead = ({ skeleton, room, at }: TitleClaim) =>
        known.get(skeleton)?.room === room && known.get(skeleton)?.at === at;
      const freed = new Set(gone.filter(isAsRead).map(({ skeleton }) => skeleton));
      const confirmed = new Set(there.filter(isAsRead).map(({ skeleton }) => skeleton));
      if (freed.size + confirmed.size === 0) return;
      await step.write(
        [
          ...(confirmed.size > 0
            ? [titleTimes.score(...[...confirmed].map((each): [string, number] => [each, now]))]
            : []),
          ...[...freed].map((skeleton) => titles.removeField(skeleton)),
          ...(freed.size > 0 ? [titleTimes.unlist(...freed)] : []),
        ],
        { evenWhenFull: true },
      );
    });
  }
}

const titles = mapAt(recordKeys.rooms.titles);
const titleTimes = listAt(recordKeys.rooms.titleTimes);
