import type { Member, Room, RoomId, VisitorId } from "../../../protocol/events";
import { forgottenName, lobbyId } from "../../../protocol/limits";
import { ChatError } from "../../errors";
import type { StoreConnection } from "../../redis/connection";
import type { Keys } from "../../redis/keys";
import type { BrokerFeed } from "../feed";
import type { ConnectionId } from "../membership";
import {
  type BrokerRooms,
  closedRoomMs,
  type NameIn,
  type NewRoom,
  type OwnView,
  type RoomSummary,
} from "../rooms";
import { memberLine, readRoom } from "./codec";
import type { RedisMembership } from "./presence/membership";
import { appending, type RoomScript, type RoomScripts, type RunRoomScript } from "./room-scripts";
import { RoomSummaries } from "./room-summaries";
import { unreadKeys } from "./unread";

const scripts = {
  create: { args: ["id", "title", "kind", "owner", "askedBy", "sharedRoom"] },
  accept: { args: ["visitor", "sharedRoom"] },
  close: { args: ["connectionKey", "by", "keptMs"], includes: appending, runsWhenFull: true },
  retitle: { args: ["title"] },
  forget: {
    keys: ["keptName"],
    args: ["visitor", "nameless", "word"],
    includes: [...appending, "amend", "presence"],
    runsWhenFull: true,
  },
} as const satisfies Record<string, RoomScript>;

type RedisRoomsOptions = {
  redis: StoreConnection;
  scripts: RoomScripts;
  keys: Keys;
  feed: Pick<BrokerFeed, "read">;
  membership: Pick<RedisMembership, "act" | "release" | "forget">;
};

/** Makes, summarises and ends rooms. Throws ChatError. */
export class RedisRooms implements BrokerRooms {
  private readonly run: RunRoomScript<typeof scripts>;
  private readonly roomSummaries: RoomSummaries;

  constructor(private readonly options: RedisRoomsOptions) {
    this.run = options.scripts.of(scripts);
    this.roomSummaries = new RoomSummaries(options);
  }

  async create({ id, title, kind, owner = "", askedBy = "", sharedRoom = "" }: NewRoom): Promise<Room> {
    return readRoom(await this.run("create", id, { args: { id, title, kind, owner, askedBy, sharedRoom } }));
  }

  summaries(rooms: readonly RoomId[]): Promise<(RoomSummary | undefined)[]> {
    return this.roomSummaries.summaries(rooms);
  }

  ownViews(rooms: readonly RoomId[], visitor: VisitorId): Promise<(OwnView | undefined)[]> {
    return this.roomSummaries.ownViews(rooms, visitor);
  }

  namesIn(asked: readonly { room: RoomId; visitor: VisitorId }[]): Promise<(NameIn | undefined)[]> {
    return this.roomSummaries.namesIn(asked);
  }

  async accept(room: RoomId, visitor: VisitorId, sharedRoom: RoomId | ""): Promise<boolean> {
    return (await this.run("accept", room, { args: { visitor, sharedRoom } })) === 1;
  }

  async close(room: RoomId, connection: ConnectionId): Promise<void> {
    const { membership } = this.options;
    await membership.act(room, connection, (connectionKey) =>
      this.run("close", room, { args: { connectionKey, by: "", keptMs: closedRoomMs } }),
    );
    membership.release(room);
  }

  async end(room: RoomId, by: Member): Promise<void> {
    if (room === lobbyId) throw new ChatError("forbidden");
    const args = { connectionKey: "", by: memberLine(by), keptMs: closedRoomMs };
    await this.run("close", room, { args });
    this.options.membership.release(room);
  }

  async retitle(room: RoomId, title: string): Promise<void> {
    await this.run("retitle", room, { args: { title } });
  }

  async forget(room: RoomId, visitor: VisitorId): Promise<void> {
    const { membership, keys } = this.options;
    membership.forget(room, visitor);
    const nameless = memberLine({ id: visitor, name: forgottenName });
    const call = {
      args: { visitor, nameless, word: JSON.stringify(forgottenName) },
      keys: { keptName: keys.keptName(room, visitor) },
      moreKeys: unreadKeys(keys, room),
    };
    while ((await this.run("forget", room, call)) === 1);
  }
}
