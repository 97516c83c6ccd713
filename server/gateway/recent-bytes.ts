import { LRUCache } from "lru-cache";

/** A thousand rooms with as much as one may have. Other rooms' pages come from the store. */
export const mostRecentBytes = 32 * 1024 * 1024;

type Room = { giveUp(): void };

/** Bounds the entries that a replica has in memory over all rooms: the rooms that were used least recently give theirs up. */
export class RecentBytes {
  /** The bytes of each room. */
  private readonly rooms: LRUCache<Room, number>;

  constructor(most: number) {
    this.rooms = new LRUCache<Room, number>({
      maxSize: most,
      sizeCalculation: (bytes) => bytes,
      dispose: (_, room, reason) => {
        if (reason === "evict") room.giveUp();
      },
    });
  }

  /** Called when the room was used, with the bytes that it has. */
  used(room: Room, bytes: number): void {
    if (bytes > 0) this.rooms.set(room, bytes);
    else this.rooms.delete(room);
  }
}
