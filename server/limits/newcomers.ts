import type { RoomId, VisitorId } from "../../protocol/events";
import { maxHistoryLimit } from "../../protocol/limits";
import type { AccountStore } from "../accounts/account-store";
import type { Visitor } from "../accounts/identity";
import type { Broker } from "../broker/broker";
import { authorOf, messageIn, withheldOf } from "../broker/entry-json";
import { ChatError } from "../errors";
import { boundedMap } from "../lib/bounded-map";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import type { Rate } from "../lib/rate";
import { RateLimit } from "./rate-limit";
import type { WrittenMessages } from "./written-messages";

/** `firstMs`: how long a new visitor begins no rooms and no conversations. */
export type NewcomerLimits = { messages: Rate; settledMs: number; settledMessages: number; firstMs: number };

type NewcomersOptions = {
  accounts: AccountStore;
  written: WrittenMessages;
  clock: Clock;
  logger: Logger;
  /** When a visitor is settled for the rules of rooms, which hold without limits too. */
  settling?: Pick<NewcomerLimits, "settledMs" | "settledMessages">;
  /** Tells what a visitor has written beside the messages that were counted. */
  feed?: Pick<Broker["feed"], "read">;
};

/** What the store last said about a visitor, and what it has written here since. */
type Known = { written: number; hasAccount: boolean; askedAt: number; last?: string };

/** How long the store's answer is used: meanwhile the visitor may write over another replica, or get an account. */
const believedMs = 20_000;
const maxRemembered = 50_000;
/**
 * Messages that are counted of a visitor. Far more than settle it: of those of long ago a few may be taken away, and the visitor
 * is settled all the same. Not all of them: each costs the store a command.
 */
const mostCounted = 20;
const dayMs = 86_400_000;

/**
 * Tells which visitors are settled: those that came a while ago and have written a few messages that were not taken
 * away, and those with an account. Other visitors may do less, since a new id costs nothing
 * (docs/decisions/044-newcomers-and-settled-visitors.md).
 */
export class Newcomers {
  private readonly settled = boundedMap<string, true>(maxRemembered);
  private readonly known = boundedMap<string, Known>(maxRemembered);
  private readonly asking = new Map<string, Promise<Known | undefined>>();
  /** Limits each new visitor. */
  readonly messages: RateLimit;

  /**
   * Without `limits` every visitor is settled (RATE_LIMITS=off). `keptMs`: how long the store remembers a visitor that
   * wrote enough.
   */
  constructor(
    private readonly options: NewcomersOptions,
    private readonly limits: NewcomerLimits | undefined,
    private readonly keptMs: number,
  ) {
    this.messages = new RateLimit(limits?.messages, options.clock);
  }

  private get settling(): NewcomersOptions["settling"] {
    return this.options.settling ?? this.limits;
  }

  /**
   * Asks the store, at most every `believedMs`, about a visitor that this replica does not know to be settled. Never
   * throws.
   */
  async isSettled(visitor: Visitor): Promise<boolean> {
    if (this.limits === undefined || (await this.hasSettled(visitor).catch(() => false))) return true;
    return (await this.ask(visitor.id))?.hasAccount ?? false;
  }

  /**
   * For the rules of rooms and the guard (O-5, O-7), whether or not there are limits: an account alone takes seconds to make.
   * Throws ChatError("unavailable") when the store does not tell.
   */
  async hasSettled({ id, since = 0 }: Visitor): Promise<boolean> {
    const { settling } = this;
    if (settling === undefined || this.settled.has(id)) return true;
    if (this.options.clock.now() - since < settling.settledMs) return false;
    const known = await this.ask(id);
    if (known === undefined) throw new ChatError("unavailable");
    if (!known.hasAccount && known.written < settling.settledMessages) return false;
    // Not if it was doubted meanwhile.
    if (this.known.get(id) === known) this.settled.set(id, true);
    return true;
  }

  /** Throws ChatError("rate_limited") in a visitor's first minute, unless it has an account. */
  async assertMayBegin(visitor: Visitor): Promise<void> {
    const { limits } = this;
    if (limits === undefined || visitor.since === undefined) return;
    const waitMs = visitor.since + limits.firstMs - this.options.clock.now();
    if (waitMs <= 0 || (await this.isSettled(visitor))) return;
    throw new ChatError(
      "rate_limited",
      `You’ve only just arrived; try again in ${Math.ceil(waitMs / 1_000)} seconds.`,
      waitMs,
      "newcomer",
    );
  }

  /** Call when a message was stored; counting it runs in the background. */
  messageSent({ id }: { id: VisitorId }, room: RoomId, seq: number): void {
    if (this.settling === undefined) return;
    const message = `${room} ${seq}`;
    const known = this.known.get(id);
    if (known !== undefined) this.count(id, known, message);
    // Not each message is preceded by a question whether its author is settled.
    else void this.ask(id).then((asked) => asked && this.count(id, asked, message));
  }

  /** Call when a message that was withheld, and so not counted, is shown to all. Never throws. */
  async messagePublished(author: VisitorId, room: RoomId, seq: number): Promise<void> {
    this.messageSent({ id: author }, room, seq);
  }

  /** Call when a message was taken away, by its author or another. Never throws. */
  async messageRemoved(author: VisitorId, room: RoomId, seq: number): Promise<void> {
    await this.uncount(author, async () => {
      await this.options.written.remove(author, `${room} ${seq}`);
      await this.countOthers(author, room);
    });
  }

  /** Call when all messages of a visitor were taken away. Never throws. */
  async messagesCleared(author: VisitorId): Promise<void> {
    await this.uncount(author, () => this.options.written.forget(author));
  }

  /** Forgets whether the visitor is settled: the store is asked anew. */
  doubt(visitor: VisitorId): void {
    this.settled.delete(visitor);
    this.known.delete(visitor);
    // An answer that is under way may be older.
    this.asking.delete(visitor);
  }

  private async uncount(author: VisitorId, write: () => Promise<void>): Promise<void> {
    if (this.settling === undefined) return;
    try {
      await write();
    } catch (error) {
      this.options.logger.debug({ err: error }, "could not uncount removed messages");
    }
    this.doubt(author);
  }

  /** Not all messages of a visitor are counted: others of the room take the place of those that were taken away. */
  private async countOthers(author: VisitorId, room: RoomId): Promise<void> {
    const { feed, written } = this.options;
    const { settledMessages = 0 } = this.settling ?? {};
    if (feed === undefined || (await written.count(author)) >= settledMessages) return;
    const { entries } = await feed.read(room, { limit: maxHistoryLimit });
    const others = entries
      .filter((entry) => authorOf(entry) === author && withheldOf(entry) === undefined)
      .slice(-mostCounted);
    for (const entry of others)
      await written.add(author, `${room} ${messageIn(entry)?.seq ?? entry.seq}`, this.keptMs);
  }

  private count(id: VisitorId, known: Known, message: string): void {
    // A repeat has the number of the first. One message is counted after each asking, so that the store remembers a visitor for
    // as long as it comes.
    const isCountedAlready =
      known.last === message || (known.last !== undefined && known.written >= mostCounted);
    if (known.hasAccount || isCountedAlready) return;
    known.last = message;
    known.written += 1;
    const isEnough = known.written >= (this.settling?.settledMessages ?? 0);
    this.options.written.add(id, message, isEnough ? this.keptMs : dayMs).catch((error: unknown) => {
      this.options.logger.debug({ err: error }, "could not count a visitor's message");
    });
  }

  /** What is known is asked anew after `believedMs`. */
  private ask(id: VisitorId): Promise<Known | undefined> {
    const known = this.known.get(id);
    if (known !== undefined && this.options.clock.now() - known.askedAt < believedMs)
      return Promise.resolve(known);
    return this.asking.get(id) ?? this.begin(id, known);
  }

  private begin(id: VisitorId, before: Known | undefined): Promise<Known | undefined> {
    const asking: Promise<Known | undefined> = this.askStore(id).then((answer) => {
      if (this.asking.get(id) !== asking) return answer ?? before;
      this.asking.delete(id);
      if (answer !== undefined) this.known.set(id, answer);
      return answer ?? before;
    });
    this.asking.set(id, asking);
    return asking;
  }

  /** Undefined when the store does not answer. */
  private async askStore(id: VisitorId): Promise<Known | undefined> {
    const askedAt = this.options.clock.now();
    try {
      const [written, hasAccount] = await Promise.all([
        this.options.written.count(id),
        this.options.accounts.hasAccount(id),
      ]);
      return { written, hasAccount, askedAt };
    } catch (error) {
      this.options.logger.debug({ err: error }, "could not tell whether a visitor is settled");
      return undefined;
    }
  }
}
