import { nanoid } from "nanoid";
import type { ConversationIndex } from "../../server/direct/conversation-index";
import { Conversations } from "../../server/direct/conversations";
import type { ConversationChange, InboxListener } from "../../server/direct/inbox-listeners";
import { Inboxes } from "../../server/direct/inboxes";
import type { Call, OnlineVisitors } from "../../server/direct/online-visitors";
import type { CommandCaller } from "../../server/gateway/commands/command";
import { directCommands } from "../../server/gateway/commands/direct-commands";
import type { Services } from "../../server/gateway/services";
import { RateLimit } from "../../server/limits/rate-limit";
import { until } from "../support/until";
import { HandClock } from "./hand-clock";
import { draft, enter } from "./observed-room";
import { expect, kinds, silent, test, type WholeStore } from "./stores";

/** A change costs the read of its own conversation only; all lists are read only when a change is missing. */

const unlimited = new RateLimit(undefined);
const comparisons = 5_000;
const newlyListed = 500;
const unbounded = { newcomers: { assertMayBegin: () => undefined }, networks: { take: () => undefined } };

const conversationsOf = (store: WholeStore) =>
  new Conversations({ ...store, openings: unlimited, readings: unlimited });

/** The same object, with the methods of `others` in place of its own. */
function over<T extends object>(whole: T, others: Partial<T>): T {
  return new Proxy(whole, {
    get: (target, name) =>
      Reflect.get(others, name) ??
      (Reflect.get(target, name) as (...args: unknown[]) => unknown).bind(target),
  });
}

/** Records the reads of lists: the partners, or "all". `compared` counts answered comparisons. */
function watched(conversationIndex: ConversationIndex) {
  const seen = {
    readings: [] as (readonly string[] | "all")[],
    compared: 0,
    /** Whose partners were asked for. */
    partnersOf: [] as string[],
    /** Answered readings of the log of visitors with new conversations. */
    logReadings: 0,
    versions: undefined as undefined | number,
  };
  const index = over(conversationIndex, {
    list: (visitor, partners) => {
      seen.readings.push(partners ?? "all");
      return conversationIndex.list(visitor, partners);
    },
    newlyListed: async (after) => {
      const listed = await conversationIndex.newlyListed(after);
      seen.logReadings += 1;
      return listed;
    },
    listedPartners: (visitor) => {
      seen.partnersOf.push(visitor);
      return conversationIndex.listedPartners(visitor);
    },
    versions: async (visitors) => {
      const versions = await conversationIndex.versions(visitors);
      seen.compared += 1;
      return versions.map((version) => seen.versions ?? version);
    },
  });
  return { index, seen };
}

/**
 * Ben's device on one replica, and two partners on the other. `lost`: the other replica, but none of its calls arrive. `atOnce`:
 * how many readings of all lists a second are allowed; one has been made.
 */
async function open([own, other]: [WholeStore, WholeStore], atOnce?: number) {
  const [ann, ben, eve] = [nanoid(16), nanoid(16), nanoid(16)];
  const deaf: OnlineVisitors = over(other.onlineVisitors, { call: async () => undefined });
  const lost = { ...other, onlineVisitors: deaf };
  const rooms = new Map<string, string>();
  for (const partner of [ann, eve]) {
    const { room } = await conversationsOf(other).open(partner, ben);
    await enter(other.broker, room.id, partner, `of-${partner}`);
    await conversationsOf(own).open(ben, partner);
    rooms.set(partner, room.id);
  }
  const { index, seen } = watched(own.conversationIndex);
  const clock = new HandClock();
  const calls: Call[] = [];
  const onlineVisitors: OnlineVisitors = over(own.onlineVisitors, {
    follow: (visitor, listener) =>
      own.onlineVisitors.follow(visitor, (call) => {
        calls.push(call);
        listener(call);
      }),
  });
  const passed = { ms: 0 };
  const wholeReadings = atOnce === undefined ? undefined : { perSecond: 1, burst: atOnce };
  const inboxes = new Inboxes({
    ...{ ...own, conversationIndex: index, onlineVisitors, clock, logger: silent },
    wholeReadings: new RateLimit(wholeReadings, { now: () => passed.ms }),
  });
  const changes: ConversationChange[] = [];
  inboxes.arrive(ben, {
    conversationChanged: (change) => changes.push(change),
    presenceChanged: () => undefined,
  });
  await inboxes.list(ben);
  seen.readings.length = 0;

  const say = async (partner: string, store: WholeStore = other) => {
    const room = rooms.get(partner) ?? "";
    const { at } = await store.broker.feed.publish(room, `of-${partner}`, draft("hello"));
    await conversationsOf(store).messageSent(room, partner, { at, isOwnRequest: false });
  };
  const told = (count: number) => until(`${count} changes`, () => changes.length === count);
  const heard = (count: number) => until(`${count} calls`, () => calls.length === count);
  /** Compares, and returns the reads since the last time, including those of this comparison. */
  const compare = async () => {
    const { compared } = seen;
    clock.tick(comparisons);
    await until("the comparison", () => seen.compared > compared);
    // Reads follow one another: this one comes after those of the comparison.
    await inboxes.list(ben);
    const readings = seen.readings.splice(0);
    expect(readings.pop(), "the read of the test itself").toBe("all");
    return readings;
  };
  return { clock, ann, ben, eve, lost, seen, passed, inboxes, say, told, heard, compare, changes, rooms };
}

for (const kind of kinds)
  test.describe(`${kind}: readings of lists`, () => {
    test("[DM-10] an announced change is read alone, and the next comparison finds nothing", async ({
      openStores,
    }) => {
      const stores = await openStores(kind);
      const { ann, ben, eve, inboxes, say, told, heard, compare, rooms } = await open(stores);
      await say(ann);
      await told(1);
      await say(eve);
      await told(2);
      await conversationsOf(stores[1]).read(rooms.get(ann) ?? "", ben, 1_000);
      await told(3);
      expect(await compare()).toEqual([[ann], [eve], [ann]]);
      await Promise.all([say(ann), say(eve), say(ann)]);
      await conversationsOf(stores[0]).drop(rooms.get(eve) ?? "", ben);
      await heard(7);
      expect(await compare()).not.toContain("all");
      inboxes.close();
    });

    test("[DM-10] a comparison finds a change that no call announced, even if later ones were announced", async ({
      openStores,
    }) => {
      const stores = await openStores(kind);
      const { ann, eve, lost, inboxes, say, told, compare, changes, rooms } = await open(stores);
      await say(eve, lost);
      await say(ann);
      await told(1);
      await say(ann);
      await told(2);
      const readings = await compare();
      expect(readings.at(-1)).toBe("all");
      expect(changes.map(({ room }) => room)).toEqual([ann, ann, eve].map((partner) => rooms.get(partner)));
      expect(await compare()).toEqual([]);
      inboxes.close();
    });

    test("[DM-10] a dropped conversation is announced, also when all lists are read before its call arrives", async ({
      openStores,
    }) => {
      const { ben, eve, lost, inboxes, told, changes, rooms } = await open(await openStores(kind));
      await conversationsOf(lost).drop(rooms.get(eve) ?? "", ben);
      await inboxes.list(ben);
      await told(1);
      expect(changes).toMatchObject([{ room: rooms.get(eve), isGone: true }]);
      inboxes.close();
    });

    test("[DM-10] [F-0] if the store has an older version than the replica has read, all lists are read again", async ({
      openStores,
    }) => {
      const { ann, seen, inboxes, say, told, compare } = await open(await openStores(kind));
      await say(ann);
      await told(1);
      expect(await compare()).toEqual([[ann]]);
      seen.versions = 1;
      expect(await compare()).toEqual(["all"]);
      inboxes.close();
    });

    test("[C-7] a list that is asked for often is read once a second, and has every change all the same", async ({
      openStores,
    }) => {
      const { ann, ben, eve, lost, seen, passed, inboxes, say, told } = await open(await openStores(kind), 2);
      const partners = async () =>
        (await inboxes.list(ben)).map(({ partner, unread }) => [partner.id, unread]);
      const read = () => seen.readings.splice(0);
      const whole = await inboxes.list(ben);
      for (let times = 0; times < 10; times += 1) expect(await inboxes.list(ben)).toEqual(whole);
      expect(read()).toEqual(["all"]);

      await say(ann);
      await told(1);
      expect(await partners()).toEqual([
        [ann, 1],
        [eve, 0],
      ]);
      await say(eve);
      await told(2);
      expect(await partners()).toEqual([
        [eve, 1],
        [ann, 1],
      ]);
      expect(read()).toEqual([[ann], [eve]]);

      await say(ann, lost);
      expect(await partners()).toEqual([
        [ann, 2],
        [eve, 1],
      ]);
      expect(await partners()).toHaveLength(2);
      expect(read(), "a change that no call announced").toEqual(["all"]);
      passed.ms += 1_000;
      expect(await partners()).toHaveLength(2);
      expect(read()).toEqual(["all"]);
      inboxes.close();
    });

    test("[C-7] devices that ask for the list at the same time share one reading", async ({ openStores }) => {
      const { ben, seen, inboxes } = await open(await openStores(kind));
      const lists = await Promise.all(Array.from({ length: 5 }, () => inboxes.list(ben)));
      expect(lists.map(({ length }) => length)).toEqual([2, 2, 2, 2, 2]);
      expect(seen.readings.splice(0)).toEqual(["all"]);
      inboxes.close();
    });

    test("[DM-4] a visitor that was just made costs no reading, and hears of its first conversation in every tab", async ({
      openStores,
    }) => {
      const [own, other] = await openStores(kind);
      const { clock, ann, ben, seen, inboxes } = await open([own, other]);
      const [made, known] = [nanoid(16), nanoid(16)];
      const heard: string[] = [];
      const tab = (name: string): InboxListener => ({
        conversationChanged: ({ unread }) => heard.push(`${name} ${unread}`),
        presenceChanged: () => undefined,
      });
      seen.partnersOf.length = 0;
      inboxes.arrive(made, tab("one"), { isNew: true });
      inboxes.arrive(known, tab("of another"));
      await until("the readings for the other", () => seen.partnersOf.length >= 2);
      expect(new Set(seen.partnersOf)).toEqual(new Set([known]));
      await until("its presence", async () => (await other.onlineVisitors.areOnline([made]))[0] === true);
      inboxes.arrive(made, tab("two"));
      const elsewhere = new Inboxes({
        ...other,
        conversationIndex: own.conversationIndex,
        clock,
        logger: silent,
      });
      elsewhere.arrive(made, tab("elsewhere"));
      expect(await elsewhere.list(made)).toEqual([]);
      clock.tick(newlyListed);
      await until("the end of the log", () => seen.logReadings === 1);
      expect(await inboxes.list(ben)).toHaveLength(2);

      const { room } = await conversationsOf(other).open(ann, made);
      await enter(other.broker, room.id, ann, `of-${ann}`);
      const { at } = await other.broker.feed.publish(room.id, `of-${ann}`, draft("hello"));
      await conversationsOf(other).messageSent(room.id, ann, { at, isOwnRequest: true });
      await until("all tabs", () => {
        clock.tick(newlyListed);
        return heard.length >= 3;
      });
      expect(heard.sort()).toEqual(["elsewhere 1", "one 1", "two 1"]);
      expect(await inboxes.list(made)).toMatchObject([{ room: { id: room.id }, unread: 1 }]);
      for (const each of [inboxes, elsewhere]) each.close();
    });

    test("[DM-3] an opened conversation is read alone, and so is one that it adds to the list", async ({
      openStores,
    }) => {
      const stores = await openStores(kind);
      const { ann, ben, seen, inboxes, compare } = await open(stores);
      const services = {
        conversations: conversationsOf(stores[0]),
        inboxes,
        ...unbounded,
      } as unknown as Services;
      const caller = { visitor: { id: ben } } as unknown as CommandCaller;
      const dan = nanoid(16);
      for (const partner of [ann, dan]) {
        const { answer } = await directCommands["direct:open"].carryOut(services, caller, { with: partner });
        expect(answer).toMatchObject({ partner: { id: partner } });
        expect(seen.readings.splice(0)).toEqual([[partner]]);
      }
      expect(await compare()).toEqual([]);
      expect(await inboxes.list(ben)).toHaveLength(3);
      inboxes.close();
    });
  });
