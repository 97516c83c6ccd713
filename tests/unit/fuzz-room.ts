import type { Cursor, Entry, Gap, HistoryAnswer, JoinAnswer } from "../../protocol/events";
import { MemoryBroker } from "../../server/broker/memory/broker";
import { systemClock } from "../../server/lib/clock";
import { readHistory } from "../../server/rooms/history";

const id = "room";
const historyLimit = 150;
const firstPage = 10;
const visitors = ["v-me", "v-1", "v-2", "v-3"];

/** A room of the embedded broker, and all that it has ever said aloud. */
export class FuzzRoom {
  /** As they were when they were new, by number from 1 on: what is live is told in the words of that moment. */
  told: Entry[] = [];
  epoch = "";
  private broker = new MemoryBroker({ historyLimit, historyDays: 1 }, systemClock);
  private messages = 0;

  constructor(private readonly random: (below: number) => number) {}

  /** Everything is lost, and begins anew. */
  async restart(): Promise<void> {
    await this.broker.close();
    this.broker = new MemoryBroker({ historyLimit, historyDays: 1 }, systemClock);
    this.told = [];
    await this.broker.rooms.create({ id, title: "Room", kind: "public" });
    await this.broker.feed.follow(id, {
      appended: (epoch, entries) => {
        this.epoch = epoch;
        this.told.push(...entries);
      },
      gap: () => undefined,
      typing: () => undefined,
    });
    await this.enter("v-me");
  }

  close(): Promise<void> {
    return this.broker.close();
  }

  /** A visitor says something, comes, goes, takes another name, or takes a message back. */
  async happen(): Promise<void> {
    const visitor = visitors[this.random(visitors.length)] ?? "";
    const choice = this.random(10);
    await this.enter(visitor);
    if (choice === 0 && visitor !== "v-me") await this.broker.membership.leave(id, visitor);
    else if (choice === 1) await this.broker.membership.rename(this.arrival(visitor));
    else if (choice <= 4) await this.remove();
    else {
      this.messages += 1;
      const clientMessageId = `message-${this.messages}`;
      await this.broker.feed.publish(id, visitor, { clientMessageId, text: `text ${this.messages}` });
    }
  }

  /** C-1: what follows the cursor, or the newest page and a gap. */
  async join(cursor: Cursor | undefined): Promise<JoinAnswer> {
    const { head, room, self, members, memberCount } = await this.enter("v-me");
    const { first } = await this.broker.feed.read(id, { limit: 1 });
    const isSame = cursor?.epoch === head.epoch;
    const canResume = isSame && cursor.seq >= first - 1;
    const start = canResume ? cursor.seq : Math.max(first - 1, head.seq - firstPage);
    const { entries } = await this.broker.feed.read(id, { after: start, limit: head.seq });
    const to = Math.max(1, start);
    const gap: Gap = isSame
      ? { from: cursor.seq + 1, to, reason: "trimmed" }
      : { from: 1, to, reason: "reset" };
    const rest = cursor && !canResume ? { gap } : {};
    return { room, self, members, memberCount, presenceSeq: head.seq, entries, cursor: head, ...rest };
  }

  read(range: { before?: number; after?: number }): Promise<HistoryAnswer> {
    return readHistory(this.broker.feed, id, { ...range, limit: 1 + this.random(12) });
  }

  /** What a reader who comes now is shown. */
  async kept(): Promise<Entry[]> {
    return (await this.broker.feed.read(id, { limit: 5 * historyLimit })).entries;
  }

  async here(): Promise<string[]> {
    return (await this.enter("v-me")).members.map((member) => member.id).sort();
  }

  private enter(visitor: string) {
    return this.broker.membership.enter(this.arrival(visitor));
  }

  private arrival(visitor: string) {
    const names = Array.from({ length: 9 }, (_, index) => `${visitor} ${index}`);
    const claims = names.map((name) => ({ name, skeleton: name }));
    return { room: id, connection: visitor, visitor, names: claims };
  }

  private async remove(): Promise<void> {
    const messages = (await this.kept()).filter((entry) => entry.kind === "message");
    const message = messages[this.random(messages.length || 1)];
    if (message?.kind === "message")
      await this.broker.feed.remove(id, message.by.id, message.seq).catch(() => undefined);
  }
}
