import type { RoomId, VisitorId } from "../../../protocol/events";
import { lobbyId } from "../../../protocol/limits";
import type { StoreConnection, StoreStep } from "../../redis/connection";
import type { Keys } from "../../redis/keys";
import { toChatError } from "../../redis/store-error";
import type { BrokerFeed } from "../feed";
import { keptNameMs, silentMs } from "../membership";
import type { NameIn, OwnView, RoomSummary } from "../rooms";
import { readMember, readOwnView, readSummary, summaryFields } from "./codec";

type RoomSummariesOptions = {
  redis: StoreConnection;
  keys: Keys;
  feed: Pick<BrokerFeed, "read">;
};

/** Summarises rooms from two small keys each, all asked at once. Throws ChatError. */
export class RoomSummaries {
  constructor(private readonly options: RoomSummariesOptions) {}

  async summaries(rooms: readonly RoomId[]): Promise<(RoomSummary | undefined)[]> {
    try {
      const summaries = await this.ask(rooms);
      const lobby = rooms.indexOf(lobbyId);
      if (lobby < 0 || summaries[lobby] !== undefined) return summaries;
      // The lobby always exists: the first script that reads it makes it.
      await this.options.feed.read(lobbyId, { limit: 1 });
      const [made] = await this.ask([lobbyId]);
      return summaries.map((summary, index) => (rooms[index] === lobbyId ? made : summary));
    } catch (error) {
      throw toChatError(error);
    }
  }

  async ownViews(rooms: readonly RoomId[], visitor: VisitorId): Promise<(OwnView | undefined)[]> {
    if (rooms.length === 0) return [];
    const { redis, keys } = this.options;
    const asked = rooms.map((room): StoreStep => [["hget", keys.summaryKeys(room).fields, `own:${visitor}`]]);
    return (await redis.askAll(asked)).map(([error, reply]) => {
      if (error && toChatError(error).code !== "internal") throw toChatError(error);
      return readOwnView(reply);
    });
  }

  /**
   * The present name, else the kept one, whose remaining time to live tells when it was kept. With `silentMs` or less
   * left, the visitor is taken for one that has not spoken.
   */
  async namesIn(asked: readonly { room: RoomId; visitor: VisitorId }[]): Promise<(NameIn | undefined)[]> {
    if (asked.length === 0) return [];
    const { redis, keys } = this.options;
    const replies = await redis.askAll(
      asked.flatMap(({ room, visitor }): StoreStep[] => {
        const kept = keys.keptName(room, visitor);
        return [[["hget", keys.summaryKeys(room).members, visitor]], [["get", kept]], [["pttl", kept]]];
      }),
    );
    const now = Date.now();
    return asked.map((_, index) => {
      const [present, kept, leftMs] = replies.slice(3 * index, 3 * index + 3).map(([error, reply]) => {
        // A key of the wrong type in one room must not fail the others.
        if (error && toChatError(error).code !== "internal") throw toChatError(error);
        return error ? null : reply;
      });
      if (typeof present === "string") return { name: readMember(present).name, at: now, isMember: true };
      const line = typeof kept === "string" && kept.split("\n")[1];
      if (!line) return undefined;
      const left = Number(leftMs);
      const keptMs = left > silentMs ? keptNameMs : silentMs;
      return { name: readMember(line).name, at: now - keptMs + left, isMember: false };
    });
  }

  private async ask(rooms: readonly RoomId[]): Promise<(RoomSummary | undefined)[]> {
    const { redis, keys } = this.options;
    const replies = await redis.askAll(
      rooms.flatMap((room): StoreStep[] => {
        const { fields, members } = keys.summaryKeys(room);
        return [[["hmget", fields, ...summaryFields]], [["hlen", members]]];
      }),
    );
    return rooms.map((_, index) => {
      const [fieldsError, fields] = replies[2 * index] ?? [];
      const [membersError, members] = replies[2 * index + 1] ?? [];
      const error = fieldsError ?? membersError;
      if (!error) return readSummary(fields, members);
      // A key of the wrong type in one room must not fail the others.
      if (toChatError(error).code === "internal") return undefined;
      throw error;
    });
  }
}
