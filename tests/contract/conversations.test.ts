import { nanoid } from "nanoid";
import { directRoomOf } from "../../server/broker/direct-rooms";
import { Conversations } from "../../server/direct/conversations";
import type { InboxListener } from "../../server/direct/inbox-listeners";
import { Inboxes } from "../../server/direct/inboxes";
import type { OnlineVisitors } from "../../server/direct/online-visitors";
import { systemClock } from "../../server/lib/clock";
import { RateLimit } from "../../server/limits/rate-limit";
import { until } from "../support/until";
import { HandClock } from "./hand-clock";
import { draft, enter } from "./observed-room";
import { expect, kinds, silent, test, type WholeStore } from "./stores";

/** The intervals of server/direct/inboxes.ts. */
const comparisons = 5_000;
const questions = 500;

const unlimited = new RateLimit(undefined);
const conversationsOf = (store: WholeStore, openings = unlimited) =>
  new Conversations({ ...store, openings, readings: unlimited });

/** A connection that records everything it is told. */
class HeardDevice implements InboxListener {
  readonly changes: Parameters<InboxListener["conversationChanged"]>[0][] = [];
  readonly presences: Parameters<InboxListener["presenceChanged"]>[0][] = [];

  conversationChanged(change: Parameters<InboxListener["conversationChanged"]>[0]): void {
    this.changes.push(change);
  }

  presenceChanged(change: Parameters<InboxListener["presenceChanged"]>[0]): void {
    this.presences.push(change);
  }
}

/** The same with some of its methods replaced. */
const over = (onlineVisitors: OnlineVisitors, others: Partial<OnlineVisitors>): OnlineVisitors =>
  new Proxy(onlineVisitors, {
    get(target, name) {
      const method = others[name as keyof OnlineVisitors] ?? target[name as keyof OnlineVisitors];
      return (...args: unknown[]) => Reflect.apply(method, target, args);
    },
  });

const deaf = (onlineVisitors: OnlineVisitors): OnlineVisitors =>
  over(onlineVisitors, { call: async () => undefined });

/** The steps of a conversation, as the gateway carries them out. */
async function say(store: WholeStore, room: string, author: string, text: string) {
  await enter(store.broker, room, author, `of-${author}`);
  const receipt = await store.broker.feed.publish(room, `of-${author}`, draft(text));
  const { isOwnRequest } = await conversationsOf(store).checkMaySpeak(room, author);
  await conversationsOf(store).messageSent(room, author, { at: receipt.at, isOwnRequest });
  return receipt;
}

for (const kind of kinds) {
  test.describe(`${kind}: conversations`, () => {
    test("[DM-1] a conversation that is opened twenty times at once, from both sides on two replicas, is one room", async ({
      openStores,
    }) => {
      const stores = await openStores(kind);
      for (let round = 0; round < 10; round += 1) {
        const [ann, ben] = [nanoid(16), nanoid(16)];
        const opened = await Promise.all(
          Array.from({ length: 20 }, (_, number) => {
            const conversations = conversationsOf(stores[number % 2] as WholeStore);
            return number % 4 < 2 ? conversations.open(ann, ben) : conversations.open(ben, ann);
          }),
        );
        expect(new Set(opened.map(({ room }) => JSON.stringify(room))).size).toBe(1);
        expect(opened[0]?.room).toEqual({
          id: directRoomOf(ann, ben),
          title: "",
          kind: "direct",
          createdAt: expect.any(Number),
          closed: false,
        });
        for (const visitor of [ann, ben])
          expect(
            (await stores[0].conversationIndex.list(visitor)).found.map(({ lastEntryAt }) => lastEntryAt),
          ).toEqual([opened[0]?.room.createdAt]);
      }
    });

    test("[DM-3] only new conversations are limited, for each visitor separately", async ({ openStores }) => {
      const [store] = await openStores(kind);
      const conversations = conversationsOf(store, new RateLimit({ perSecond: 0.001, burst: 2 }));
      const [ann, ben, eve, fay] = [nanoid(16), nanoid(16), nanoid(16), nanoid(16)];
      await conversations.open(ann, ben);
      await conversations.open(ann, eve);
      await expect(conversations.open(ann, fay)).rejects.toMatchObject({ code: "rate_limited" });
      await conversations.open(ann, ben);
      await conversations.open(ben, ann);
      await conversations.open(fay, ann);
      await conversations.open(ann, fay);
    });

    test("[DM-4] every device of both visitors, on any replica, learns of messages, of reading and of removals", async ({
      openStores,
    }) => {
      const stores = await openStores(kind);
      const replicas = stores.map((store) => new Inboxes({ ...store, clock: systemClock, logger: silent }));
      const [ann, ben, eve] = [nanoid(16), nanoid(16), nanoid(16)];
      const devices = [ann, ben, eve].flatMap((visitor) =>
        replicas.map((inboxes) => {
          const device = new HeardDevice();
          inboxes.arrive(visitor, device);
          return { visitor, device };
        }),
      );
      const tell = async (visitor: string, unread: number) => {
        for (const { device } of devices.filter((each) => each.visitor === visitor))
          await until(`${unread} unread`, () => device.changes.at(-1)?.unread === unread);
      };
      const { room } = await conversationsOf(stores[0]).open(ann, ben);
      await tell(ann, 0);
      const { at, seq } = await say(stores[0], room.id, ann, "hello");
      await tell(ben, 1);
      await conversationsOf(stores[1]).open(ben, ann);
      await say(stores[1], room.id, ann, "are you there?");
      await tell(ben, 2);
      await conversationsOf(stores[1]).read(room.id, ben, seq);
      await tell(ben, 1);
      await conversationsOf(stores[0]).read(room.id, ben, 1_000);
      await tell(ben, 0);
      for (const { visitor, device } of devices) {
        const about = device.changes.map((change) => change.room);
        expect(new Set(about)).toEqual(new Set(visitor === eve ? [] : [room.id]));
        if (visitor === ben)
          expect(device.changes[0]).toEqual({
            room: room.id,
            lastEntryAt: at,
            unread: 1,
            request: "received",
          });
      }
      for (const inboxes of replicas) inboxes.close();
    });

    test("[DM-10] a comparison finds changes whose calls were lost: a message, reading, a change of presence", async ({
      openStores,
    }) => {
      const [own, others] = await openStores(kind);
      const silenced = { ...others, onlineVisitors: deaf(others.onlineVisitors) };
      const clock = new HandClock();
      const inboxes = new Inboxes({ ...own, clock, logger: silent });
      const [ann, ben] = [nanoid(16), nanoid(16)];
      const { room } = await conversationsOf(others).open(ann, ben);
      await say(others, room.id, ann, "hello");
      await conversationsOf(others).open(ben, ann);
      const device = new HeardDevice();
      inboxes.arrive(ben, device);
      expect(await inboxes.list(ben)).toMatchObject([{ unread: 1, partner: { id: ann, online: false } }]);

      const found = async (what: string, told: number, heard: number) => {
        clock.tick(comparisons);
        const isTold = () => device.changes.length === told && device.presences.length === heard;
        await until(what, isTold);
        // The comparison must not owe its success to changes that earlier steps left over.
        await inboxes.list(ben);
      };
      const { at } = await say(silenced, room.id, ann, "are you there?");
      await found("the message", 1, 0);
      await others.onlineVisitors.arrive(ann);
      await found("the arrival", 1, 1);
      await conversationsOf(silenced).read(room.id, ben, 1_000);
      await found("the reading", 2, 1);
      await others.onlineVisitors.depart(ann);
      await found("the departure", 2, 2);
      expect(device.changes).toEqual([
        { room: room.id, lastEntryAt: at, unread: 2, text: "are you there?" },
        { room: room.id, lastEntryAt: at, unread: 0, text: "are you there?" },
      ]);
      expect(device.presences).toEqual([
        { visitor: ann, online: true },
        { visitor: ann, online: false },
      ]);
      clock.tick(comparisons);
      await inboxes.list(ben);
      expect(device.changes, "no change is told twice").toHaveLength(2);
      inboxes.close();
    });

    test("[DM-10] a visitor without conversations follows no channel, but still learns of its first one", async ({
      openStores,
    }) => {
      const [own, others] = await openStores(kind);
      const followed: string[] = [];
      const follow: OnlineVisitors["follow"] = (visitor, listener) => {
        followed.push(visitor);
        return own.onlineVisitors.follow(visitor, listener);
      };
      const clock = new HandClock();
      const inboxes = new Inboxes({
        ...own,
        onlineVisitors: over(own.onlineVisitors, { follow }),
        clock,
        logger: silent,
      });
      const [ann, ben] = [nanoid(16), nanoid(16)];
      const device = new HeardDevice();
      inboxes.arrive(ben, device);
      expect(await inboxes.list(ben)).toEqual([]);
      clock.tick(questions);
      const { room } = await conversationsOf(others).open(ann, ben);
      expect(await inboxes.list(ben)).toEqual([]);
      expect(followed, "a conversation that another opened does not count yet").toEqual([]);
      await say(others, room.id, ann, "hello");
      await until("the first", () => {
        clock.tick(questions);
        return device.changes.length > 0;
      });
      expect(device.changes).toMatchObject([{ room: room.id, unread: 1 }]);
      expect(followed).toEqual([ben]);
      inboxes.close();
    });

    test("[DM-5] a conversation whose room has expired is in no list, and opening it again makes a new one", async ({
      openStores,
    }) => {
      const [store] = await openStores(kind);
      const inboxes = new Inboxes({ ...store, clock: systemClock, logger: silent });
      const [ann, ben] = [nanoid(16), nanoid(16)];
      await store.conversationIndex.messageSent(ann, ben, 1_000);
      expect(await inboxes.list(ann)).toEqual([]);
      await until(
        "its place is free",
        async () => (await store.conversationIndex.list(ann)).found.length === 0,
      );
      await store.conversationIndex.messageSent(ann, ben, 1_000);
      await store.conversationIndex.settings.refuse(ben, true);
      await expect(conversationsOf(store).open(ann, ben)).rejects.toMatchObject({ code: "forbidden" });
      await store.conversationIndex.settings.refuse(ben, false);
      const { room } = await conversationsOf(store).open(ann, ben);
      expect(await inboxes.list(ann)).toMatchObject([{ room, lastEntryAt: room.createdAt, unread: 0 }]);
      inboxes.close();
    });
  });
}
