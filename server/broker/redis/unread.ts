import type { RoomId, VisitorId } from "../../../protocol/events";
import { ChatError } from "../../errors";
import type { StoreConnection } from "../../redis/clients";
import type { Keys } from "../../redis/keys";
import { toChatError } from "../../redis/store-error";

type UnreadMessagesOptions = {
  commands: StoreConnection;
  keys: Keys;
  store: { unread(room: RoomId, reader: VisitorId): Promise<number> };
};

/** Counts and clears the unread messages of a conversation, which publish.lua records. Throws ChatError. */
export class UnreadMessages {
  constructor(private readonly options: UnreadMessagesOptions) {}

  async unread(rooms: readonly RoomId[], reader: VisitorId): Promise<number[]> {
    return Promise.all(rooms.map((room) => this.unreadIn(room, reader)));
  }

  async markRead(room: RoomId, reader: VisitorId, seq: number): Promise<boolean> {
    const { commands, keys } = this.options;
    const [closed, read] = await answersOf(
      commands
        .pipeline()
        .hget(keys.summaryKeys(room).fields, "closed")
        .zremrangebyscore(keys.unread(room, reader), "-inf", seq)
        .exec(),
    );
    if (closed === null) throw new ChatError("room_not_found");
    if (closed === "1") throw new ChatError("room_closed");
    return Number(read) > 0;
  }

  private async unreadIn(room: RoomId, reader: VisitorId): Promise<number> {
    try {
      return await this.options.store.unread(room, reader);
    } catch (error) {
      // A key of the wrong type in one room must not fail the others.
      if (toChatError(error).code === "internal") return 0;
      throw error;
    }
  }
}

async function answersOf(exec: Promise<[Error | null, unknown][] | null>): Promise<unknown[]> {
  try {
    return ((await exec) ?? []).map(([error, reply]) => {
      if (error !== null) throw error;
      return reply;
    });
  } catch (error) {
    throw toChatError(error);
  }
}
