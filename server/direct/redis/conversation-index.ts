import type { VisitorId } from "../../../protocol/events";
import { maxListedConversations, maxListedRequests } from "../../../protocol/limits";
import type { StoreConnection } from "../../redis/clients";
import { createKeys, type Keys } from "../../redis/keys";
import { replies, toChatErrors } from "../../redis/replies";
import {
  type AnywayScript,
  type DirectoryScripts,
  defineAnyway,
  defineDirectoryScripts,
} from "../../redis/scripts";
import {
  type ConversationIndex,
  type ConversationPage,
  type DirectSettings,
  type ListedConversation,
  maxAcquaintances,
  type NewlyListed,
  type Relation,
} from "../conversation-index";
import { RedisBlocks } from "./blocks";
import { RedisNewcomers } from "./newcomers";

const dayMs = 86_400_000;

type RedisConversationIndexOptions = { commands: StoreConnection; prefix: string; historyDays: number };
type Pipeline = ReturnType<StoreConnection["pipeline"]>;
/** `isRequest`: the place is among the requests. */
type Place = { partner: VisitorId; at: number; isRequest: boolean };
/** `visitor`: whose list the place is raised in. */
type Raise = Place & { visitor: VisitorId };

/** A handful of small keys for each visitor that has conversations, none for others. */
export class RedisConversationIndex implements ConversationIndex {
  private readonly keys: Keys;
  private readonly scripts: Pick<DirectoryScripts, "correct" | "drop">;
  private readonly anyway: AnywayScript;
  private readonly arrivals: RedisNewcomers;
  private readonly settled: RedisBlocks;
  private readonly keptMs: number;

  /** The caller owns the connection, and closes it. */
  constructor(private readonly options: RedisConversationIndexOptions) {
    this.keys = createKeys(options.prefix);
    this.scripts = defineDirectoryScripts(options.commands);
    this.anyway = defineAnyway(options.commands);
    this.arrivals = new RedisNewcomers(options.commands, this.keys.newcomers);
    this.settled = new RedisBlocks(options.commands, this.keys);
    this.keptMs = options.historyDays * dayMs;
  }

  async relation(visitor: VisitorId, partner: VisitorId): Promise<Relation> {
    const { conversations, requests, blocked, refuses } = this.keys;
    const [at, requestAt, isBlocked, partnerAt, isRefusing, isBlocking] = await replies(
      this.pipeline()
        .zscore(conversations(visitor), partner)
        .zscore(requests(visitor), partner)
        .sismember(blocked(visitor), partner)
        .zscore(conversations(partner), visitor)
        .exists(refuses(partner))
        .sismember(blocked(partner), visitor)
        .exec(),
    );
    return {
      lists: at !== null || requestAt !== null,
      hasBlocked: isBlocked === 1,
      partner: {
        knows: Number(partnerAt ?? 0) !== 0,
        refuses: isRefusing === 1,
        hasBlocked: isBlocking === 1,
      },
    };
  }

  async opened(opener: VisitorId, partner: VisitorId, createdAt: number): Promise<void> {
    await this.raise([
      { visitor: opener, partner, at: createdAt, isRequest: false },
      { visitor: partner, partner: opener, at: 0, isRequest: false },
    ]);
  }

  async asked(opener: VisitorId, partner: VisitorId, at: number): Promise<void> {
    await this.raise([
      { visitor: opener, partner, at, isRequest: false },
      { visitor: partner, partner: opener, at: 0, isRequest: false },
      { visitor: partner, partner: opener, at, isRequest: true },
    ]);
  }

  async accepted(visitor: VisitorId, partner: VisitorId, createdAt: number): Promise<void> {
    const key = this.keys.requests(visitor);
    const [requestAt, opened] = await replies(
      this.pipeline().zscore(key, partner).zscore(this.keys.conversations(partner), visitor).exec(),
    );
    const at = Number(requestAt ?? createdAt);
    // Add to the list before removing the request: a reader finds and corrects a step cut off in between.
    await this.raise([{ visitor, partner, at, isRequest: false }]);
    await toChatErrors(this.options.commands.zrem(key, partner));
    // A partner that was forgotten gets no new keys.
    if (opened !== null) await this.touch([partner]);
  }

  async spoke(one: VisitorId, other: VisitorId, at: number): Promise<void> {
    await this.raise(
      [
        { visitor: one, partner: other, at, isRequest: false },
        { visitor: other, partner: one, at, isRequest: false },
      ],
      (pipeline) => {
        pipeline.zrem(this.keys.requests(one), other).zrem(this.keys.requests(other), one);
      },
    );
  }

  async drop(visitor: VisitorId, partner: VisitorId): Promise<void> {
    const { conversations, requests, conversationsVersion } = this.keys;
    const keys = [conversations(visitor), requests(visitor), conversationsVersion(visitor)];
    await toChatErrors(this.scripts.drop(keys, [partner, this.keptMs]));
  }

  async ended(visitor: VisitorId, { partner, lastEntryAt, isRequest }: ListedConversation): Promise<void> {
    const key = this.keyOf({ visitor, isRequest });
    await toChatErrors(this.scripts.correct([key], [partner, lastEntryAt, ""]));
  }

  async list(visitor: VisitorId, partners?: readonly VisitorId[]): Promise<ConversationPage> {
    if (partners?.length === 0) return { version: (await this.versions([visitor]))[0] ?? "0", found: [] };
    const { conversations, requests, conversationsVersion } = this.keys;
    const asking = this.pipeline().get(conversationsVersion(visitor));
    for (const [key, most] of [
      [conversations(visitor), maxListedConversations],
      [requests(visitor), maxListedRequests],
    ] as const) {
      asking.pexpire(key, this.keptMs);
      if (partners === undefined) asking.zrevrangebyscore(key, "+inf", "(0", "WITHSCORES", "LIMIT", 0, most);
      else asking.zmscore(key, ...partners);
    }
    const [version, , listed, , asked] = await replies(asking.exec());
    const read = (reply: unknown) => (partners === undefined ? readPlaces(reply) : pairsOf(partners, reply));
    const places = [
      ...read(listed).map(([partner, at]) => ({ partner, at, isRequest: false })),
      ...read(asked).map(([partner, at]) => ({ partner, at, isRequest: true })),
    ];
    return { version: readVersion(version), found: await this.describe(visitor, places) };
  }

  settings(visitor: VisitorId): Promise<DirectSettings> {
    return this.settled.read(visitor);
  }

  refuse(visitor: VisitorId, refuses: boolean): Promise<void> {
    return this.settled.refuse(visitor, refuses);
  }

  block(visitor: VisitorId, other: VisitorId, isBlocked: boolean): Promise<boolean> {
    return this.settled.block(visitor, other, isBlocked);
  }

  async acquaintances(visitor: VisitorId): Promise<{ partner: VisitorId; lists: boolean }[]> {
    const { conversations, requests } = this.keys;
    const answers = await replies(
      this.pipeline()
        .zrange(conversations(visitor), 0, "-1", "WITHSCORES")
        .zrange(requests(visitor), 0, "-1", "WITHSCORES")
        .exec(),
    );
    return [...new Map(answers.flatMap(readPlaces))].map(([partner, at]) => ({ partner, lists: at > 0 }));
  }

  async touch(visitors: readonly VisitorId[]): Promise<void> {
    const touched = visitors.flatMap((visitor) => {
      const key = this.keys.conversationsVersion(visitor);
      // A removal in a full store touches visitors too.
      return [this.anyway([key], ["INCR"]), this.options.commands.pexpire(key, this.keptMs)];
    });
    await Promise.all(touched.map((reply) => toChatErrors<unknown>(reply)));
  }

  async versions(visitors: readonly VisitorId[]): Promise<string[]> {
    const pipeline = this.pipeline();
    for (const visitor of visitors) pipeline.get(this.keys.conversationsVersion(visitor));
    return (await replies(pipeline.exec())).map(readVersion);
  }

  async forget(visitor: VisitorId): Promise<void> {
    const { conversations, requests, conversationsVersion, lastName, refuses, blocked, attended } = this.keys;
    // `attended` too: a killed replica leaves it behind for an hour.
    const all = [conversations, requests, conversationsVersion, lastName, refuses, blocked, attended];
    await toChatErrors(this.options.commands.del(all.map((keyOf) => keyOf(visitor))));
  }

  newcomers(after?: string): Promise<NewlyListed> {
    return this.arrivals.read(after);
  }

  private pipeline(): Pipeline {
    return this.options.commands.pipeline();
  }

  private keyOf({ visitor, isRequest }: Pick<Raise, "visitor" | "isRequest">): string {
    return isRequest ? this.keys.requests(visitor) : this.keys.conversations(visitor);
  }

  /** Raises places; a dropped one stays dropped until a newer message. `more` adds commands to the same pipeline. */
  private async raise(raises: Raise[], more: (pipeline: Pipeline) => void = () => undefined): Promise<void> {
    const { conversations, conversationsVersion } = this.keys;
    const asking = this.pipeline();
    for (const each of raises)
      asking.zscore(this.keyOf(each), each.partner).zscore(conversations(each.visitor), each.partner);
    const before = await replies(asking.exec());
    // One pipeline for list and version: an unannounced change would show only at the visitor's next connection.
    const raising = this.pipeline();
    for (const [index, each] of raises.entries()) {
      const { visitor, partner, at, isRequest } = each;
      const [place, listed] = before.slice(2 * index, 2 * index + 2);
      if (Number(listed ?? 0) < 0 && at <= -Number(listed)) continue;
      const [key, version] = [this.keyOf(each), conversationsVersion(visitor)];
      const most = isRequest ? maxListedRequests : maxAcquaintances;
      raising
        .zadd(key, "GT", at, partner)
        .zremrangebyrank(key, 0, -most - 1)
        .pexpire(key, this.keptMs);
      if (at > 0) raising.incr(version).pexpire(version, this.keptMs);
      if (at > 0 && !isListed(place) && !isListed(listed)) this.arrivals.add(raising, visitor);
    }
    more(raising);
    await replies(raising.exec());
  }

  private async describe(visitor: VisitorId, places: Place[]): Promise<ListedConversation[]> {
    if (places.length === 0) return [];
    const pipeline = this.pipeline();
    for (const { partner } of places) pipeline.sismember(this.keys.blocked(partner), visitor);
    const answers = await replies(pipeline.exec());
    return places.map(({ partner, at, isRequest }, index) => ({
      partner,
      lastEntryAt: at,
      isRequest,
      hasBlocked: answers[index] === 1,
    }));
  }
}

const isListed = (score: unknown): boolean => score !== null && Number(score) > 0;
const readVersion = (reply: unknown): string => (typeof reply === "string" ? reply : "0");

/** Partners and scores in turn. */
function readPlaces(reply: unknown): [VisitorId, number][] {
  const list = reply as string[];
  return list.flatMap((partner, index) => (index % 2 ? [] : [[partner, Number(list[index + 1])]]));
}

function pairsOf(partners: readonly VisitorId[], scores: unknown): [VisitorId, number][] {
  return partners
    .map((partner, index): [VisitorId, number] => [partner, Number((scores as unknown[])[index] ?? 0)])
    .filter(([, at]) => at > 0);
}
