import type { RoomId, VisitorId } from "../../../protocol/events";
import { ChatError } from "../../errors";
import type { StoreConnection } from "../../redis/connection";
import type { Keys } from "../../redis/keys";
import { repliesOf } from "../../redis/replies";
import { toChatError } from "../../redis/store-error";
import { pairOf } from "../direct-rooms";
import type { BrokerUnread } from "../unread";
import type { RoomScript, RoomScripts, RunRoomScript } from "./room-scripts";

const scripts = { unread: { keys: ["unread"], args: [] } } as const satisfies Record<string, RoomScript>;

/** The keys of what a conversation's two visitors have not read; none for a room of any other kind. */
export const unreadKeys = (keys: Keys, room: RoomId): string[] =>
  (pairOf(room) ?? []).map((reader) => keys.unread(room, reader));

type RedisUnreadOptions = { redis: StoreConnection; scripts: RoomScripts; keys: Keys };

/** Counts and clears the unread messages of a conversation, which publish.lua records. Throws ChatError. */
export class RedisUnread implements BrokerUnread {
  private readonly run: RunRoomScript<typeof scripts>;

  constructor(private readonly options: RedisUnreadOptions) {
    this.run = options.scripts.of(scripts);
  }

  async count(rooms: readonly RoomId[], reader: VisitorId): Promise<number[]> {
    return Promise.all(rooms.map((room) => this.countIn(room, reader)));
  }

  async markRead(room: RoomId, reader: VisitorId, seq: number): Promise<boolean> {
    const { redis, keys } = this.options;
    const [closed, read] = repliesOf(
      await redis.askAll([
        [["hget", keys.summaryKeys(room).fields, "closed"]],
        [["zremrangebyscore", keys.unread(room, reader), "-inf", seq]],
      ]),
    );
    if (closed === null) throw new ChatError("room_not_found");
    if (closed === "1") throw new ChatError("room_closed");
    return Number(read) > 0;
  }

  private async countIn(room: RoomId, reader: VisitorId): Promise<number> {
    const unread = this.options.keys.unread(room, reader);
    try {
      return Number(await this.run("unread", room, { keys: { unread } }));
    } catch (error) {
      // A key of the wrong type in one room must not fail the others.
      if (toChatError(error).code === "internal") return 0;
      throw error;
    }
  }
}
