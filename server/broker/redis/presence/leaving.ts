import type { RoomId } from "../../../../protocol/events";
import { inParts } from "../../../lib/in-parts";
import type { Logger } from "../../../lib/logger";
import type { StoreConnection } from "../../../redis/connection";
import { toChatError } from "../../../redis/store-error";
import type { ConnectionKey } from "./connection-key";
import type { LeaveDeadlines } from "./leave-deadlines";

/** When to retry a room with a key that another program has overwritten: seldom enough for an operator's log. */
const brokenRoomRetryMs = 60_000;
/** When to retry a room whose server of a cluster is away. */
const awayRoomRetryMs = 2_000;
/**
 * From how many rooms of a cluster connections leave at once: those whose server hangs take one command's time-out together.
 * Not more, nor several of one Redis: other commands would wait for all of them.
 */
const roomsAtOnce = 20;

type LeavingOptions = {
  redis: Pick<StoreConnection, "isCluster">;
  deadlines: Pick<LeaveDeadlines, "done" | "postpone">;
  /** Takes connections out of a room. */
  leave(room: RoomId, connectionKeys: ConnectionKey[]): Promise<void>;
  /** False when this replica must first renew its lease. */
  hasTime(): boolean;
  logger: Logger;
};

/** Takes connections out of their rooms. A room that cannot be written is retried later, and holds up no other. */
export class Leaving {
  constructor(private readonly options: LeavingOptions) {}

  /** Returns false if there was no time for all rooms. Throws when the store does not answer. */
  async carryOut(leaving: Iterable<readonly [RoomId, ConnectionKey[]]>): Promise<boolean> {
    const { redis, hasTime } = this.options;
    for (const some of inParts([...leaving], redis.isCluster ? roomsAtOnce : 1)) {
      if (!hasTime()) return false;
      const outcomes = await Promise.allSettled(some.map(([room, keys]) => this.carryOutIn(room, keys)));
      const failure = outcomes.find((outcome) => outcome.status === "rejected");
      if (failure !== undefined) throw failure.reason;
    }
    return true;
  }

  private async carryOutIn(room: RoomId, connectionKeys: ConnectionKey[]): Promise<void> {
    const { deadlines, leave, logger, redis } = this.options;
    try {
      await leave(room, connectionKeys);
    } catch (error) {
      const { code } = toChatError(error);
      const isAway = code === "unavailable" && redis.isCluster;
      if (!isAway && code !== "internal") throw error;
      if (isAway) logger.debug({ room, err: error }, "members cannot leave a room whose server is away");
      else logger.error({ room, err: error }, "members of a broken room cannot leave it; trying again later");
      await deadlines.postpone(room, connectionKeys, isAway ? awayRoomRetryMs : brokenRoomRetryMs);
      return;
    }
    await deadlines.done(room, connectionKeys);
  }
}
