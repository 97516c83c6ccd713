import type { RoomId } from "../../../protocol/events";
import type { ConnectionId } from "../membership";
import type { BrokerTyping } from "../typing";
import type { MemoryRooms } from "./rooms";

/** Which members of the embedded broker type. */
export class MemoryTyping implements BrokerTyping {
  constructor(private readonly rooms: MemoryRooms) {}

  async set(id: RoomId, connection: ConnectionId, isTyping: boolean): Promise<void> {
    const room = this.rooms.opened(id);
    const { member } = room.members.inside(connection);
    room.typists?.set(member, isTyping);
  }
}
