import type { Entry, RoomId } from "../../protocol/events";
import { ownerKey } from "../support/owner";
import { until } from "../support/until";
import { connectVisitor, type WireVisitor } from "../support/wire-visitor";
import type { Finding } from "./log";

const pageEntries = 200;
/** Reading the members costs a join, and a mutant's members are read again until the time is up. */
const lookEveryMs = 250;

/** A visitor who comes after the faults, and reads. It speaks the bare protocol, without the page's client. */
export class LateReader {
  private constructor(
    private readonly visitor: WireVisitor,
    readonly room: RoomId,
  ) {}

  static async arrive(url: string, room: RoomId): Promise<LateReader> {
    const visitor = await connectVisitor({ url });
    // As the owner it also gets what is withheld from others.
    await until("the late reader's key", () => visitor.must("owner:claim", { key: ownerKey }));
    // A part that was mended a moment ago may still be recovering.
    await until("the late reader's join", () => visitor.join(room));
    return new LateReader(visitor, room);
  }

  get id(): string {
    return this.visitor.id;
  }

  async head(): Promise<{ epoch: string; seq: number }> {
    const { cursor } = await this.visitor.must("room:join", { room: this.room });
    return cursor;
  }

  /** The members, without itself. */
  async members(): Promise<string[]> {
    const { members, memberCount } = await this.visitor.must("room:join", { room: this.room });
    if (members.length !== memberCount) throw new Error(`${memberCount} members, ${members.length} listed`);
    return members.map(({ id }) => id).filter((id) => id !== this.visitor.id);
  }

  /** Waits for at most `timeoutMs` until exactly these are members; resolves with the actual members. */
  async membersAre(expected: readonly string[], timeoutMs: number): Promise<string[]> {
    const areThey = (there: string[]) => [...there].sort().join() === [...expected].sort().join();
    const isSo = async () => areThey(await this.members());
    await until("the members", isSo, timeoutMs, lookEveryMs).catch(() => undefined);
    return this.members();
  }

  async readAll(): Promise<Pick<Finding, "epoch" | "entries">> {
    const entries: Entry[] = [];
    for (;;) {
      const after = entries.at(-1)?.seq ?? 0;
      const { room } = this;
      const page = await this.visitor.must("history:read", { room, after, limit: pageEntries });
      entries.push(...page.entries);
      if (page.gap !== undefined)
        throw new Error(`${room} has lost its beginning: ${JSON.stringify(page.gap)}`);
      if (!page.more) return { epoch: page.epoch, entries };
    }
  }

  close(): void {
    this.visitor.close();
  }
}
