import type { RoomId, VisitorId } from "../../../protocol/events";
import type { BrokerUnread } from "../unread";
import type { MemoryRooms } from "./rooms";

/** What visitors of the embedded broker have not read. */
export class MemoryUnread implements BrokerUnread {
  constructor(private readonly rooms: MemoryRooms) {}

  async count(rooms: readonly RoomId[], reader: VisitorId): Promise<number[]> {
    return rooms.map((id) => {
      const room = this.rooms.find(id);
      return room === undefined ? 0 : room.unread.count(reader, room.entries.firstKept);
    });
  }

  async markRead(room: RoomId, reader: VisitorId, seq: number): Promise<boolean> {
    return this.rooms.opened(room).unread.read(reader, seq);
  }
}
