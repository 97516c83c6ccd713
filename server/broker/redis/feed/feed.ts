import type { Cursor, Entry, Receipt, RoomId, VisitorId } from "../../../../protocol/events";
import { maxUnread } from "../../../../protocol/limits";
import { ChatError } from "../../../errors";
import { boundedMap } from "../../../lib/bounded-map";
import type { Clock } from "../../../lib/clock";
import type { Logger } from "../../../lib/logger";
import type { Rate } from "../../../lib/rate";
import type { StoreConnection, StoreSubscriber } from "../../../redis/connection";
import type { Keys } from "../../../redis/keys";
import { toChatError } from "../../../redis/store-error";
import { pairOf } from "../../direct-rooms";
import {
  type BrokerFeed,
  type FeedLimits,
  type FeedListener,
  type Following,
  type Page,
  type Posting,
  type Range,
  waitsForAnswer,
  withLeeway,
} from "../../feed";
import { type ConnectionId, keptNameMs } from "../../membership";
import { Typists } from "../../typists";
import { busyMs, messageTail, roleLine } from "../codec";
import type { BrokerEvents } from "../events";
import type { RedisMembership } from "../presence/membership";
import { appending, type RoomScript, type RoomScripts, type RunRoomScript } from "../room-scripts";
import { unreadKeys } from "../unread";
import { RoomSubscriptions } from "./subscriptions";

const scripts = {
  publish: {
    args: [
      "connectionKey",
      "clientMessageId",
      "tail",
      "sinceEpoch",
      "sinceSeq",
      "nameTtl",
      "roomEachMs",
      "roomBurstMs",
      "ownEachMs",
      "ownBurstMs",
      "mostUnread",
      "role",
      "isWithheld",
    ],
    includes: appending,
  },
  remove: { args: ["connectionKey", "seq"], includes: [...appending, "amend"], runsWhenFull: true },
  "publish-withheld": { args: ["seq"], includes: [...appending, "amend"] },
  "remove-all": { args: ["visitor", "before"], includes: [...appending, "amend"], runsWhenFull: true },
  read: { args: ["after", "before", "limit", "maxBytes"] },
  rewind: { args: ["epoch"], runsWhenFull: true },
} as const satisfies Record<string, RoomScript>;

const anyBytes = Number.MAX_SAFE_INTEGER;

/** How seldom a speaker's kept name is prolonged, in milliseconds: it is kept for weeks. */
const prolongedEachMs = 3_600_000;
/** How many connections are remembered; a forgotten one prolongs its name again. */
const maxProlonged = 50_000;

type RedisFeedOptions = {
  redis: StoreConnection;
  subscriber: StoreSubscriber;
  scripts: RoomScripts;
  keys: Keys;
  limits: FeedLimits;
  clock: Clock;
  logger: Logger;
  events: BrokerEvents;
  followers: Map<RoomId, { readonly cursor: Cursor }>;
  membership: RedisMembership;
};

/** The feeds of rooms: each step is one script; entries arrive over the rooms' channels. */
export class RedisFeed implements BrokerFeed {
  readonly limits: FeedLimits;
  private readonly run: RunRoomScript<typeof scripts>;
  private readonly subscriptions: RoomSubscriptions;
  /** By room and connection key, when the name of its visitor was last prolonged. */
  private readonly prolongedAt = boundedMap<string, number>(maxProlonged);

  constructor(private readonly options: RedisFeedOptions) {
    this.limits = options.limits;
    this.run = options.scripts.of(scripts);
    this.subscriptions = new RoomSubscriptions({ ...options, feed: this });
  }

  publish(room: RoomId, connection: ConnectionId, posting: Posting, pace?: Rate): Promise<Receipt> {
    const { membership, keys, limits } = this.options;
    const { clientMessageId, since, role, isWithheld = false, ...message } = posting;
    const [roomEachMs, roomBurstMs] = busyMs(limits.entryRate);
    const [ownEachMs, ownBurstMs] = busyMs(pace && withLeeway(pace));
    return membership.act(room, connection, async (connectionKey) => {
      const speaker = `${room} ${connectionKey}`;
      const now = this.options.clock.now();
      const isProlonged = now - (this.prolongedAt.get(speaker) ?? 0) < prolongedEachMs;
      const receipt = this.run("publish", room, {
        args: {
          connectionKey,
          clientMessageId,
          tail: messageTail({ ...message, clientMessageId }),
          sinceEpoch: since?.epoch ?? "",
          sinceSeq: since?.seq ?? "",
          nameTtl: isProlonged ? "" : keptNameMs,
          roomEachMs,
          roomBurstMs,
          ownEachMs,
          ownBurstMs,
          mostUnread: maxUnread,
          role: roleLine(role),
          isWithheld: isWithheld ? "1" : "",
        },
        moreKeys: unreadKeys(keys, room),
        more: pairOf(room) ?? [],
      }).catch((error: ChatError) => {
        throw error.code === "forbidden" ? new ChatError("forbidden", waitsForAnswer) : error;
      });
      const [seq, at] = (await receipt) as [number, number];
      if (!isProlonged) this.prolongedAt.set(speaker, now);
      return { seq, at };
    });
  }

  remove(room: RoomId, connection: ConnectionId, seq: number): Promise<void> {
    const { membership, keys } = this.options;
    return membership.act(room, connection, async (connectionKey) => {
      const args = { connectionKey, seq };
      await this.run("remove", room, { args, moreKeys: unreadKeys(keys, room) });
    });
  }

  async removeAny(room: RoomId, seq: number): Promise<void> {
    const args = { connectionKey: "", seq };
    await this.run("remove", room, { args, moreKeys: unreadKeys(this.options.keys, room) });
  }

  async publishWithheld(room: RoomId, seq: number): Promise<Receipt> {
    const reply: unknown = await this.run("publish-withheld", room, { args: { seq } });
    const [number, at] = reply as [number, number];
    return { seq: number, at };
  }

  async removeAllOf(room: RoomId, visitor: VisitorId): Promise<number> {
    const moreKeys = unreadKeys(this.options.keys, room);
    let removed = 0;
    for (let before: number | "" = ""; before !== 0; ) {
      const reply: unknown = await this.run("remove-all", room, { args: { visitor, before }, moreKeys });
      const [next, here] = reply as [number, number];
      before = next;
      removed += here;
    }
    return removed;
  }

  async read(room: RoomId, range: Range): Promise<Page> {
    const { after = "", before = "", limit, maxBytes = anyBytes } = range;
    const reply = await this.run("read", room, { args: { after, before, limit, maxBytes } });
    const [epoch, rewoundFrom, first, head, lines, closed] = reply as [
      string,
      string,
      number,
      number,
      string[],
      string,
    ];
    const entries = lines.map((line) => JSON.parse(line) as Entry);
    if (range.after === undefined) entries.reverse();
    const isClosed = closed === "1";
    return { epoch, first, head, entries, isClosed, ...(rewoundFrom !== "" && { rewoundFrom }) };
  }

  /** Ends an epoch of which replicas delivered more than the store has; returns the present epoch. */
  async rewind(room: RoomId, epoch: string): Promise<string> {
    return (await this.run("rewind", room, { args: { epoch } })) as string;
  }

  async follow(room: RoomId, listener: FeedListener): Promise<Following> {
    const { clock, membership } = this.options;
    const typists = new Typists(clock, (typing) => listener.typing(typing));
    const hear = (entries: Entry[]) => {
      membership.hear(room, entries);
      typists.hear(entries);
    };
    const following = await this.subscriptions
      .follow(room, {
        appended(epoch, entries) {
          listener.appended(epoch, entries);
          hear(entries);
        },
        gap: (gap, cursor) => listener.gap(gap, cursor),
        typed: (member, isTyping) => typists.set(member, isTyping),
      })
      .catch((error: unknown) => {
        throw toChatError(error);
      });
    return {
      get cursor() {
        return following.cursor;
      },
      reach: (seq) => following.reach(seq),
      stop() {
        typists.stop();
        return following.stop();
      },
    };
  }

  close(): void {
    this.subscriptions.close();
  }
}
