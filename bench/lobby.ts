import { randomBytes, randomUUID } from "node:crypto";
import { RedisServer } from "../tests/support/redis-server";
import { Replica } from "../tests/support/replica";
import { connectVisitor, type WireVisitor } from "../tests/support/wire-visitor";
import { atPace, type Load } from "./pace";

const speakerCount = 8;
/** One in so many answers an earlier one; one in so many follows somebody who leaves and enters. */
const replyEvery = 9;
const noticeEvery = 25;
const atOnce = 100;

const sayings = [
  "yes",
  "Has anybody tried the new version? It starts faster here.",
  "안녕하세요, 오늘 날씨가 정말 좋네요. 다들 점심은 드셨나요?",
  "see https://example.org/posts/2026/a-long-address?with=some&words=in-it, and tell me",
  "今日はとても暖かいですね。散歩に行きましょう。",
  "`npm run build` first, then\n```\nnode .next/standalone/server.js\n```",
  "A longer one, as people write them when they explain something: first this, then that, and at the end what it was good for, which takes two or three lines on any screen.",
  "😄👍",
] as const;

/** A lobby in which people talk, over a Redis of its own. What they say does not differ from run to run. */
export class Lobby {
  private said = 0;
  private last = 0;
  private failures = 0;

  private constructor(
    private readonly redis: RedisServer,
    readonly replica: Replica,
    private readonly speakers: WireVisitor[],
    /** Comes and goes, so that there are notices between the messages. */
    private readonly passerBy: WireVisitor,
  ) {}

  static async open(): Promise<Lobby> {
    const redis = await RedisServer.start();
    const replica = await Replica.start({
      REDIS_URL: redis.url,
      SESSION_SECRET: randomBytes(32).toString("hex"),
      RATE_LIMITS: "off",
      LOG_LEVEL: "warn",
    });
    const enter = async () => {
      const visitor = await connectVisitor({ url: replica.url });
      await visitor.join("lobby");
      return visitor;
    };
    const speakers = await Promise.all(Array.from({ length: speakerCount }, enter));
    return new Lobby(redis, replica, speakers, await enter());
  }

  /** Says so many things as fast as it goes. */
  async fill(count: number): Promise<void> {
    for (let done = 0; done < count; done += atOnce)
      await Promise.all(Array.from({ length: Math.min(atOnce, count - done) }, () => this.say()));
  }

  async talk(load: Load): Promise<void> {
    await atPace(load, () => void this.say());
    if (this.failures > 0) throw new Error(`${this.failures} messages were refused`);
  }

  async close(): Promise<void> {
    for (const visitor of [...this.speakers, this.passerBy]) visitor.close();
    await this.replica.kill();
    await this.redis.stop();
  }

  private async say(): Promise<void> {
    const number = this.said++;
    const speaker = this.speakers[(number >> 1) % speakerCount] as WireVisitor;
    try {
      if (number % noticeEvery === 0)
        await Promise.all(
          (["room:leave", "room:join"] as const).map((name) => this.passerBy.must(name, { room: "lobby" })),
        );
      const { seq } = await speaker.must("message:send", {
        room: "lobby",
        text: `${number}. ${sayings[number % sayings.length]}`,
        clientMessageId: randomUUID(),
        ...(number % replyEvery === 0 && this.last > 0 && { replyTo: this.last }),
      });
      this.last = seq;
    } catch {
      this.failures += 1;
    }
  }
}
