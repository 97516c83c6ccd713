import type { ListedRoom, RoomId } from "../../protocol/events";
import { lobbyId } from "../../protocol/limits";
import type { StoreConnection } from "../redis/clients";
import type { Keys } from "../redis/keys";
import { toChatError } from "../redis/store-error";
import type { Page, Range } from "./broker";
import { lookedAtFields, readLook } from "./room-fields";

type World = {
  commands: StoreConnection;
  keys: Keys;
  store: { read(room: RoomId, range: Range): Promise<Page> };
};

/** Tells of rooms from their keys as they stand, two small ones each, all in one pipeline. Throws ChatError. */
export class RoomLook {
  constructor(private readonly world: World) {}

  async look(rooms: readonly RoomId[]): Promise<(ListedRoom | undefined)[]> {
    try {
      const looks = await this.ask(rooms);
      const lobby = rooms.indexOf(lobbyId);
      if (lobby < 0 || looks[lobby] !== undefined) return looks;
      // The lobby always exists: the first script that asks for it makes it.
      await this.world.store.read(lobbyId, { limit: 1 });
      const [made] = await this.ask([lobbyId]);
      return looks.map((look, index) => (rooms[index] === lobbyId ? made : look));
    } catch (error) {
      throw toChatError(error);
    }
  }

  private async ask(rooms: readonly RoomId[]): Promise<(ListedRoom | undefined)[]> {
    const { commands, keys } = this.world;
    const pipeline = commands.pipeline();
    for (const room of rooms) {
      const { fields, members } = keys.lookedAt(room);
      pipeline.hmget(fields, ...lookedAtFields).hlen(members);
    }
    const replies = (await pipeline.exec()) ?? [];
    return rooms.map((_, index) => {
      const [fieldsError, fields] = replies[2 * index] ?? [];
      const [membersError, members] = replies[2 * index + 1] ?? [];
      const error = fieldsError ?? membersError;
      if (!error) return readLook(fields, members);
      // A key of the wrong kind is that room's own trouble.
      if (toChatError(error).code === "internal") return undefined;
      throw error;
    });
  }
}
