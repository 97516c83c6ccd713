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

/** What the store last said about a visitor that is not settled yet. */
type Known = { written: number; hasAccount: boolean; askedAt: number; last?: string };

/** How long the store's answer is used: meanwhile the visitor may write over another replica, or get an account. */
const believedMs = 20_000;
const maxRemembered = 50_000;
/** Enough to tell that a visitor has written; further messages are not counted. */
const maxCounted = 10;
const dayMs = 86_400_000;

const unasked = (): Known => ({ written: 0, hasAccount: false, askedAt: Number.NEGATIVE_INFINITY });

/**
 * Tells which visitors are settled: those that came a while ago and have written a few messages that were not taken
 * away, and those with an account. Other visitors may do less, since a new id costs nothing
 * (docs/decisions/044-newcomers-and-settled-visitors.md).
 */
export class Newcomers {
  private readonly settled = boundedMap<string, true>(maxRemembered);
  private readonly known = boundedMap<string, Known>(maxRemembered);
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
    return this.limits === undefined || this.hasSettled(visitor);
  }

  /** The same, whether or not there are limits (O-5). */
  async hasSettled({ id, since = 0 }: Visitor): Promise<boolean> {
    const { settling } = this;
    if (settling === undefined || this.settled.has(id)) return true;
    const known = await this.ask(id);
    const isOld = this.options.clock.now() - since >= settling.settledMs;
    if (!known?.hasAccount && !(isOld && (known?.written ?? 0) >= settling.settledMessages)) return false;
    this.settled.set(id, true);
    this.known.delete(id);
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
  messageSent({ id }: Visitor, room: RoomId, seq: number): void {
    const { settling } = this;
    if (settling === undefined || this.settled.has(id)) return;
    // Without limits a visitor may write before anything asks about it.
    const known: Known = this.known.get(id) ?? unasked();
    if (known.written >= maxCounted) return;
    this.known.set(id, known);
    const message = `${room} ${seq}`;
    // A repeat has the number of the first.
    if (known.last === message) return;
    known.last = message;
    known.written += 1;
    const keptMs = known.written >= settling.settledMessages ? this.keptMs : dayMs;
    this.options.written.add(id, message, keptMs).catch((error: unknown) => {
      this.options.logger.debug({ err: error }, "could not count a new visitor's message");
    });
  }

  /** Call when a message that was withheld, and so not counted, is shown to all. Never throws. */
  async messagePublished(author: VisitorId, room: RoomId, seq: number): Promise<void> {
    if (this.settling === undefined || this.settled.has(author)) return;
    await this.ask(author);
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

  /** Only a visitor's first messages are counted: later ones of the room take the place of one that was taken away. */
  private async countOthers(author: VisitorId, room: RoomId): Promise<void> {
    const { feed, written } = this.options;
    const { settledMessages = 0 } = this.settling ?? {};
    if (feed === undefined || (await written.count(author)) >= settledMessages) return;
    const { entries } = await feed.read(room, { limit: maxHistoryLimit });
    const others = entries
      .filter((entry) => authorOf(entry) === author && withheldOf(entry) === undefined)
      .slice(-maxCounted);
    for (const entry of others)
      await written.add(author, `${room} ${messageIn(entry)?.seq ?? entry.seq}`, this.keptMs);
  }

  private async ask(id: string): Promise<Known | undefined> {
    const known = this.known.get(id);
    const now = this.options.clock.now();
    if (known !== undefined && now - known.askedAt < believedMs) return known;
    try {
      const [written, hasAccount] = await Promise.all([
        this.options.written.count(id),
        this.options.accounts.hasAccount(id),
      ]);
      const asked = { written, hasAccount, askedAt: now };
      this.known.set(id, asked);
      return asked;
    } catch (error) {
      this.options.logger.debug({ err: error }, "could not tell whether a visitor is settled");
      return known;
    }
  }
}
