import type { RoomId, VisitorId } from "../../../protocol/events";
import type { BrokerUnread } from "../unread";
import type { MemoryRooms } from "./rooms";

/** What visitors of the embedded broker have not read. */
export class MemoryUnread implements BrokerUnread {
  constructor(private readonly rooms: MemoryRooms) {}

  async count(rooms: readonly RoomId[], reader: VisitorId): Promise<number[]> {
    const counts = rooms.map((id) => {
      const room = this.rooms.find(id);
      return room === undefined ? 0 : room.unread.count(reader, room.entries.firstKept);
    });
    await this.rooms.kept();
    return counts;
  }

  async markRead(room: RoomId, reader: VisitorId, seq: number): Promise<boolean> {
    const conversation = this.rooms.opened(room);
    const hasRead = conversation.unread.read(reader, seq);
    if (hasRead) conversation.changed();
    await this.rooms.kept();
    return hasRead;
  }
}
