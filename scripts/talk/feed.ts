import type { Cursor, Entry, Gap, JoinAnswer, RoomId } from "../../protocol/events";

export type EntryListener = {
  /** Called for each entry of the room, once and in order. */
  appended(entries: Entry[]): void;
  /** Called for entries that are no longer kept, at the place where they would have come. */
  missed(gap: Gap): void;
};

/**
 * The part of one room's feed that has been read: entries from any connection that continue it advance the cursor
 * (F-1).
 */
export type TalkFeed = {
  room: RoomId;
  cursor(): Cursor | undefined;
  /** Takes the answer to `room:join`. */
  resume(answer: Pick<JoinAnswer, "entries" | "cursor" | "gap">): void;
  /**
   * Takes `feed:appended`. Returns false, and takes nothing, when an entry before it is missing: a join brings all of
   * them.
   */
  append(epoch: string, entries: Entry[]): boolean;
  /** Takes `feed:gap`. */
  skip(gap: Gap, to: Cursor): void;
};

export function openFeed(room: RoomId, listener: EntryListener): TalkFeed {
  let cursor: Cursor | undefined;

  function append(epoch: string, entries: Entry[]): boolean {
    if (cursor?.epoch !== epoch) return false;
    const { seq: seen } = cursor;
    const fresh = entries.filter(({ seq }) => seq > seen);
    const last = fresh.at(-1);
    if (!last) return true;
    if (fresh[0]?.seq !== seen + 1) return false;
    cursor = { epoch, seq: last.seq };
    listener.appended(fresh);
    return true;
  }

  function skip(gap: Gap, to: Cursor): void {
    // Two connections at once, as in a handover, may report the same gap twice.
    const isKnown = gap.reason === "trimmed" && cursor?.epoch === to.epoch && to.seq <= cursor.seq;
    if (isKnown) return;
    cursor = to;
    listener.missed(gap);
  }

  return {
    room,
    cursor: () => cursor,
    append,
    skip,
    resume({ entries, cursor: { epoch, seq }, gap }) {
      const [first] = entries;
      const start = { epoch, seq: first ? first.seq - 1 : seq };
      if (gap) skip(gap, start);
      else if (cursor?.epoch !== epoch) cursor = start;
      append(epoch, entries);
    },
  };
}
