import type { RoomId, VisitorId } from "../../../protocol/events";
import { isPublicRoom, lobbyId } from "../../../protocol/limits";
import type { StoreConnection } from "../../redis/clients";
import { createKeys, type Keys } from "../../redis/keys";
import { replies, toChatErrors } from "../../redis/replies";
import { defineVisitScripts, type VisitScripts } from "../../redis/scripts";
import type { Session } from "../account-store";
import {
  errandMs,
  errandsTaken,
  sharedLookedAt,
  silentVisitsKeptMs,
  type Visits,
  visitsKeptMs,
} from "../visits";

/** A set for each visitor, and one sorted set for all errands. */
export class RedisVisits implements Visits {
  private readonly keys: Keys;
  private readonly scripts: VisitScripts;

  /** The caller owns the connection, and closes it. */
  constructor(
    private readonly commands: StoreConnection,
    prefix: string,
  ) {
    this.keys = createKeys(prefix);
    this.scripts = defineVisitScripts(commands);
  }

  async visited(visitor: VisitorId, room: RoomId): Promise<boolean> {
    return (await this.keep(visitor, room, silentVisitsKeptMs)) === 1;
  }

  async spoke(visitor: VisitorId, room: RoomId): Promise<void> {
    await this.keep(visitor, room, visitsKeptMs);
  }

  /** The two keys may be on two nodes, so this reads the shorter list and looks its rooms up in the other. */
  async shared(one: VisitorId, other: VisitorId): Promise<RoomId[]> {
    const [ofOne, ofOther] = [this.keys.visits(one), this.keys.visits(other)];
    const counts = await replies(this.commands.pipeline().scard(ofOne).scard(ofOther).exec());
    const [few, many] = Number(counts[0]) <= Number(counts[1]) ? [ofOne, ofOther] : [ofOther, ofOne];
    const some = await toChatErrors(this.commands.srandmember(few, sharedLookedAt));
    const rooms = [...new Set([lobbyId, ...some.filter(isPublicRoom)])];
    const isThere = await replies(
      this.commands
        .pipeline()
        .smismember(many, ...rooms)
        .sismember(few, lobbyId)
        .exec(),
    );
    const [inMany, isFewInLobby] = isThere as [number[], number];
    return rooms.filter((room, index) => inMany[index] === 1 && (room !== lobbyId || isFewInLobby === 1));
  }

  async roomsOf(visitor: VisitorId): Promise<RoomId[]> {
    return toChatErrors(this.commands.smembers(this.keys.visits(visitor)));
  }

  async beginForgetting({ visitor, generation }: Session, delayMs: number): Promise<void> {
    await this.run("forgetting-begin", [this.keys.forgetting], [visitor, generation, delayMs]);
  }

  async takeForgetting(): Promise<Session[]> {
    const taken = await this.run("forgetting-take", [this.keys.forgetting], [errandsTaken, errandMs]);
    return (taken as string[]).map((errand) => {
      const [visitor = "", generation] = errand.split(" ");
      return { visitor, generation: Number(generation) };
    });
  }

  async endForgetting({ visitor, generation }: Session): Promise<void> {
    // In this order: an errand that is still there is done again, and one that is gone has left no trace.
    await toChatErrors(this.commands.del(this.keys.visits(visitor)));
    await toChatErrors(this.commands.zrem(this.keys.forgetting, `${visitor} ${generation}`));
  }

  private keep(visitor: VisitorId, room: RoomId, leastMs: number): Promise<unknown> {
    return this.run("visited", [this.keys.visits(visitor)], [room, visitsKeptMs, leastMs]);
  }

  private run(script: keyof VisitScripts, keys: string[], args: (string | number)[]): Promise<unknown> {
    return toChatErrors(this.scripts[script](keys, args));
  }
}
