import { randomUUID } from "node:crypto";
import { connectVisitor, type WireVisitor } from "./wire-visitor";

const room = "lobby";
const speakerCount = 8;
/** One message in this many replies to an older one. */
const answerEvery = 9;
const answeredBefore = 10;
/**
 * Before one message in this many a visitor leaves and enters: seldom enough that each notice comes at once, and none in
 * a crowd notice a second later (F-4).
 */
const noticeEvery = 150;
const atOnce = 25;

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

/** The visitors who talk in the lobby. Their texts are the same in every run: each begins with its number. */
export class BusyRoom {
  private said = 0;
  private readonly seqs: number[] = [];

  private constructor(
    private readonly speakers: WireVisitor[],
    /** Leaves and enters, so that there are notices between the messages. */
    private readonly passerBy: WireVisitor,
  ) {}

  static async enter(url: string): Promise<BusyRoom> {
    const enter = async () => {
      const visitor = await connectVisitor({ url });
      await visitor.join(room);
      return visitor;
    };
    const speakers = await Promise.all(Array.from({ length: speakerCount }, enter));
    return new BusyRoom(speakers, await enter());
  }

  async say(): Promise<void> {
    const number = this.said++;
    const speaker = this.speakers[(number >> 1) % speakerCount] as WireVisitor;
    if (number % noticeEvery === 0) await this.comeAndGo();
    const replyTo = number % answerEvery === 0 ? this.seqs.at(-answeredBefore) : undefined;
    const { seq } = await speaker.must("message:send", {
      room,
      text: `${number}. ${sayings[number % sayings.length]}`,
      clientMessageId: randomUUID(),
      ...(replyTo !== undefined && { replyTo }),
    });
    this.seqs.push(seq);
  }

  /** Sends so many messages, one at least, as fast as possible; the last is alone, so that it is the room's newest. */
  async fill(count: number): Promise<void> {
    const others = count - 1;
    for (let done = 0; done < others; done += atOnce)
      await Promise.all(Array.from({ length: Math.min(atOnce, others - done) }, () => this.say()));
    await this.say();
  }

  close(): void {
    for (const visitor of [...this.speakers, this.passerBy]) visitor.close();
  }

  private comeAndGo(): Promise<unknown> {
    return Promise.all([
      this.passerBy.must("room:leave", { room }),
      this.passerBy.must("room:join", { room }),
    ]);
  }
}
