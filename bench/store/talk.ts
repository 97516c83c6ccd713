import { randomUUID } from "node:crypto";
import { cpuOf } from "../../tests/support/processes";
import { Replica } from "../../tests/support/replica";
import { connectVisitor, type WireVisitor } from "../../tests/support/wire-visitor";
import { text } from "./text";

/** A process, and visitors in rooms of two. Each writes again as soon as its last message is acknowledged. */
export class Talk {
  readonly cpuUs: number[] = [];
  readonly perSecond: number[] = [];

  private constructor(
    private readonly replica: Replica,
    private readonly visitors: readonly { visitor: WireVisitor; room: string }[],
  ) {}

  static async begin(settings: Record<string, string>, writers: number): Promise<Talk> {
    const replica = await Replica.start(settings);
    const visitors: { visitor: WireVisitor; room: string }[] = [];
    let room = "";
    for (let number = 0; number < writers; number += 1) {
      const visitor = await connectVisitor({ url: replica.url });
      if (number % 2 === 0) room = (await visitor.must("room:create", { title: randomUUID() })).room.id;
      await visitor.join(room);
      visitors.push({ visitor, room });
    }
    return new Talk(replica, visitors);
  }

  async round(count: number): Promise<void> {
    const [cpu, startedAt] = [cpuOf(this.replica.pid), performance.now()];
    let left = count;
    const write = async ({ visitor, room }: { visitor: WireVisitor; room: string }) => {
      while (left > 0) {
        left -= 1;
        await visitor.must("message:send", { room, clientMessageId: randomUUID(), text });
      }
    };
    await Promise.all(this.visitors.map(write));
    this.cpuUs.push(((cpuOf(this.replica.pid) - cpu) * 1_000) / count);
    this.perSecond.push((count * 1_000) / (performance.now() - startedAt));
    for (const { visitor, room } of this.visitors) visitor.log(room).entries.splice(0);
  }

  async end(): Promise<void> {
    for (const { visitor } of this.visitors) visitor.socket.disconnect();
    await this.replica.kill();
  }
}
