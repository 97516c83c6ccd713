import { randomBytes } from "node:crypto";
import { BusyRoom } from "../tests/support/busy-room";
import { RedisServer } from "../tests/support/redis-server";
import { Replica } from "../tests/support/replica";
import { atPace, type Load } from "./pace";

/** A lobby in which visitors talk, over a Redis of its own. */
export class Lobby {
  private constructor(
    private readonly redis: RedisServer,
    readonly replica: Replica,
    private readonly room: BusyRoom,
  ) {}

  static async open(): Promise<Lobby> {
    const redis = await RedisServer.start();
    const replica = await Replica.start({
      REDIS_URL: redis.url,
      SESSION_SECRET: randomBytes(32).toString("hex"),
      RATE_LIMITS: "off",
      LOG_LEVEL: "warn",
    });
    return new Lobby(redis, replica, await BusyRoom.enter(replica.url));
  }

  fill(count: number): Promise<void> {
    return this.room.fill(count);
  }

  async talk(load: Load): Promise<void> {
    let failures = 0;
    await atPace(load, () => {
      this.room.say().catch(() => {
        failures += 1;
      });
    });
    if (failures > 0) throw new Error(`${failures} messages were refused`);
  }

  async close(): Promise<void> {
    this.room.close();
    await this.replica.kill();
    await this.redis.stop();
  }
}
