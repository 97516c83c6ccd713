import type { VisitorId } from "../../protocol/events";
import { maxListedConversations } from "../../protocol/limits";
import type { StoreConnection } from "../redis/clients";
import { createKeys, type Keys } from "../redis/keys";
import {
  type AnywayScript,
  type DirectoryScripts,
  defineAnyway,
  defineDirectoryScripts,
} from "../redis/scripts";
import {
  type ConversationIndex,
  type Correspondence,
  type Correspondences,
  maxAcquaintances,
  type Newcomers,
  type Relation,
  type Settings,
} from "./conversation-index";
import { RedisNewcomers } from "./redis-newcomers";
import { RedisSettled } from "./redis-settled";
import { known, replies } from "./replies";

const dayMs = 86_400_000;
/** As long as a token lives (ID-1), and so a name that is kept in a room. */
const keptNameMs = 30 * dayMs;

type World = { commands: StoreConnection; prefix: string; historyDays: number };

/** A handful of small keys for each visitor that has conversations, none for others but their name. */
export class RedisConversationIndex implements ConversationIndex {
  private readonly keys: Keys;
  private readonly scripts: Pick<DirectoryScripts, "correct">;
  private readonly anyway: AnywayScript;
  private readonly arrivals: RedisNewcomers;
  private readonly settled: RedisSettled;
  private readonly keptMs: number;

  /** The connection stays its owner's. */
  constructor(private readonly world: World) {
    this.keys = createKeys(world.prefix);
    this.scripts = defineDirectoryScripts(world.commands);
    this.anyway = defineAnyway(world.commands);
    this.arrivals = new RedisNewcomers(world.commands, this.keys.newcomers);
    this.settled = new RedisSettled(world.commands, this.keys);
    this.keptMs = world.historyDays * dayMs;
  }

  async named(visitor: VisitorId, name: string): Promise<void> {
    await known(this.world.commands.set(this.keys.lastName(visitor), name, "PX", keptNameMs));
  }

  async nameOf(visitor: VisitorId): Promise<string | undefined> {
    return (await known(this.world.commands.get(this.keys.lastName(visitor)))) ?? undefined;
  }

  async relation(visitor: VisitorId, partner: VisitorId): Promise<Relation> {
    const { conversations, blocked, refuses, lastName } = this.keys;
    const [at, isBlocked, name, partnerAt, isRefusing, isBlocking] = await replies(
      this.pipeline()
        .zscore(conversations(visitor), partner)
        .sismember(blocked(visitor), partner)
        .get(lastName(partner))
        .zscore(conversations(partner), visitor)
        .exists(refuses(partner))
        .sismember(blocked(partner), visitor)
        .exec(),
    );
    return {
      lists: isListed(at),
      hasBlocked: isBlocked === 1,
      partner: {
        name: readName(name),
        lists: isListed(partnerAt),
        refuses: isRefusing === 1,
        hasBlocked: isBlocking === 1,
      },
    };
  }

  async opened(opener: VisitorId, partner: VisitorId, createdAt: number): Promise<void> {
    await this.raise([
      [opener, partner, createdAt],
      [partner, opener, 0],
    ]);
  }

  async spoke(one: VisitorId, other: VisitorId, at: number): Promise<void> {
    await this.raise([
      [one, other, at],
      [other, one, at],
    ]);
  }

  async ended(visitor: VisitorId, { partner, lastEntryAt }: Correspondence): Promise<void> {
    await known(this.scripts.correct([this.keys.conversations(visitor)], [partner, lastEntryAt, ""]));
  }

  async list(visitor: VisitorId, partners?: readonly VisitorId[]): Promise<Correspondences> {
    const { conversations, conversationsVersion } = this.keys;
    if (partners?.length === 0) return { version: (await this.versions([visitor]))[0] ?? "0", found: [] };
    const key = conversations(visitor);
    const asking = this.pipeline().get(conversationsVersion(visitor)).pexpire(key, this.keptMs);
    if (partners === undefined)
      asking.zrevrangebyscore(key, "+inf", "(0", "WITHSCORES", "LIMIT", 0, maxListedConversations);
    else asking.zmscore(key, ...partners);
    const [version, , reply] = await replies(asking.exec());
    const places = partners === undefined ? readPlaces(reply) : pairsOf(partners, reply);
    return { version: readVersion(version), found: await this.describe(visitor, places) };
  }

  settings(visitor: VisitorId): Promise<Settings> {
    return this.settled.read(visitor);
  }

  refuse(visitor: VisitorId, refuses: boolean): Promise<void> {
    return this.settled.refuse(visitor, refuses);
  }

  block(visitor: VisitorId, other: VisitorId, isBlocked: boolean): Promise<void> {
    return this.settled.block(visitor, other, isBlocked);
  }

  async acquaintances(visitor: VisitorId): Promise<{ partner: VisitorId; lists: boolean }[]> {
    const reply = await known(
      this.world.commands.zrange(this.keys.conversations(visitor), 0, "-1", "WITHSCORES"),
    );
    return readPlaces(reply).map(([partner, at]) => ({ partner, lists: at > 0 }));
  }

  async touch(visitors: readonly VisitorId[]): Promise<void> {
    const touched = visitors.flatMap((visitor) => {
      const key = this.keys.conversationsVersion(visitor);
      // After a removal in a full store, too.
      return [this.anyway([key], ["INCR"]), this.world.commands.pexpire(key, this.keptMs)];
    });
    await Promise.all(touched.map((reply) => known<unknown>(reply)));
  }

  async versions(visitors: readonly VisitorId[]): Promise<string[]> {
    const pipeline = this.pipeline();
    for (const visitor of visitors) pipeline.get(this.keys.conversationsVersion(visitor));
    return (await replies(pipeline.exec())).map(readVersion);
  }

  async forget(visitor: VisitorId): Promise<void> {
    const { conversations, conversationsVersion, lastName, refuses, blocked, attended } = this.keys;
    // Where it is here, too: a replica that was killed leaves that behind for an hour.
    const all = [conversations, conversationsVersion, lastName, refuses, blocked, attended];
    await known(this.world.commands.del(all.map((keyOf) => keyOf(visitor))));
  }

  newcomers(after?: string): Promise<Newcomers> {
    return this.arrivals.read(after);
  }

  private pipeline() {
    return this.world.commands.pipeline();
  }

  /** Each of them: whose list, with whom, and when. */
  private async raise(places: [VisitorId, VisitorId, number][]): Promise<void> {
    const { conversations, conversationsVersion } = this.keys;
    const asking = this.pipeline();
    for (const [visitor, partner] of places) asking.zscore(conversations(visitor), partner);
    const before = await replies(asking.exec());
    // Told in the same breath: a list that nobody is told of would be found at the visitor's next connection only.
    const raising = this.pipeline();
    for (const [index, [visitor, partner, at]] of places.entries()) {
      const [key, version] = [conversations(visitor), conversationsVersion(visitor)];
      raising
        .zadd(key, "GT", at, partner)
        .zremrangebyrank(key, 0, -maxAcquaintances - 1)
        .pexpire(key, this.keptMs);
      if (at > 0) raising.incr(version).pexpire(version, this.keptMs);
      if (at > 0 && !isListed(before[index])) this.arrivals.add(raising, visitor);
    }
    await replies(raising.exec());
  }

  private async describe(visitor: VisitorId, places: [VisitorId, number][]): Promise<Correspondence[]> {
    if (places.length === 0) return [];
    const pipeline = this.pipeline();
    for (const [partner] of places)
      pipeline.get(this.keys.lastName(partner)).sismember(this.keys.blocked(partner), visitor);
    const answers = await replies(pipeline.exec());
    return places.map(([partner, lastEntryAt], index) => ({
      partner,
      name: readName(answers[2 * index]),
      lastEntryAt,
      hasBlocked: answers[2 * index + 1] === 1,
    }));
  }
}

const isListed = (score: unknown): boolean => score !== null && Number(score) > 0;
const readName = (reply: unknown): string | undefined => (typeof reply === "string" ? reply : undefined);
const readVersion = (reply: unknown): string => readName(reply) ?? "0";

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
