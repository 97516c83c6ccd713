import type { Cursor, Entry, Gap, HistoryAnswer, JoinAnswer } from "../../protocol/events";
import { MemoryBroker } from "../../server/broker/memory/broker";
import { systemClock } from "../../server/lib/clock";
import { readHistory } from "../../server/rooms/history";

const id = "room";
const historyLimit = 150;
const firstPage = 10;
const visitors = ["v-me", "v-1", "v-2", "v-3"];

/** A room of the embedded broker, with every entry that it has ever published. */
export class FuzzRoom {
  /** The entries as they were when published, by number from 1 on: live events have that form. */
  told: Entry[] = [];
  epoch = "";
  private broker = new MemoryBroker({ historyLimit, historyDays: 1 }, systemClock);
  private messages = 0;

  constructor(private readonly random: (below: number) => number) {}

  /** Loses everything, and begins a new epoch. */
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

  /** Lets a visitor write, join, leave, rename itself, or remove a message. */
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

  /** C-1: the entries after the cursor, or the newest page and a gap. */
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

  /** The entries that a new reader gets now. */
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
