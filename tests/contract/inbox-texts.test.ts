import { nanoid } from "nanoid";
import type { Broker } from "../../server/broker/broker";
import { Conversations } from "../../server/direct/conversations";
import type { ConversationChange } from "../../server/direct/inbox-listeners";
import { Inboxes } from "../../server/direct/inboxes";
import type { CommandCaller } from "../../server/gateway/commands/command";
import { directCommands } from "../../server/gateway/commands/direct-commands";
import type { Services } from "../../server/gateway/services";
import { RateLimit } from "../../server/limits/rate-limit";
import { until } from "../support/until";
import { HandClock } from "./hand-clock";
import { draft, enter } from "./observed-room";
import { expect, kinds, silent, test, type WholeStore } from "./stores";

/** The last text in the lists of a visitor's devices: a removal clears it everywhere, and it is read only when it may be new. */

const unlimited = new RateLimit(undefined);
const comparisons = 5_000;

const oneText = { conversations: [{ text: "hello" }] };

const conversationsOf = (store: WholeStore) =>
  new Conversations({ ...store, openings: unlimited, readings: unlimited });

/** A broker that counts the texts read through it, and can fail its next summaries. */
function watched(broker: Broker) {
  const counts = { texts: 0, failures: 0 };
  const feed = new Proxy(broker.feed, {
    get(target, name) {
      if (name === "read") counts.texts += 1;
      return Reflect.get(target, name).bind(target);
    },
  });
  const rooms = new Proxy(broker.rooms, {
    get(target, name) {
      if (name === "summaries" && counts.failures > 0) {
        counts.failures -= 1;
        return () => Promise.reject(new Error("made up"));
      }
      return Reflect.get(target, name).bind(target);
    },
  });
  return { broker: { ...broker, feed, rooms } as Broker, counts };
}

/** Ann and Ben talk, and Ben has read everything; `own` is the replica of Ben's device, `other` is Ann's. */
async function talk(own: WholeStore, other: WholeStore) {
  const [ann, ben] = [nanoid(16), nanoid(16)];
  const { room } = await conversationsOf(other).open(ann, ben);
  await enter(other.broker, room.id, ann, `of-${ann}`);
  const { seq, at } = await other.broker.feed.publish(room.id, `of-${ann}`, draft("hello"));
  await conversationsOf(other).messageSent(room.id, ann, { at, isOwnRequest: true });
  await conversationsOf(own).open(ben, ann);
  await conversationsOf(own).read(room.id, ben, seq);
  const { broker, counts } = watched(own.broker);
  const clock = new HandClock();
  const wholeReadings = new RateLimit(undefined);
  const inboxes = new Inboxes({ ...own, broker, clock, logger: silent, wholeReadings });
  const changes: ConversationChange[] = [];
  inboxes.arrive(ben, {
    conversationChanged: (change) => changes.push(change),
    presenceChanged: () => undefined,
  });
  await inboxes.list(ben);
  expect({ changes, ...counts }).toEqual({ changes: [], texts: 0, failures: 0 });
  const remove = () => other.broker.feed.remove(room.id, `of-${ann}`, seq);
  const isTold = () => changes.some(({ text }) => text === "");
  return { ann, ben, room: room.id, broker, clock, inboxes, changes, counts, remove, isTold, wholeReadings };
}

for (const kind of kinds)
  test.describe(`${kind}: last texts`, () => {
    test("[DM-4] a removed text disappears from a device's list even if the call is lost", async ({
      openStores,
    }) => {
      const [own, other] = await openStores(kind);
      const { ann, ben, clock, inboxes, remove, isTold } = await talk(own, other);
      await remove();
      // Does what `messageRemoved` does, but its calls are lost.
      await other.conversationIndex.touch([ann, ben]);
      clock.tick(comparisons);
      await until("the removal", isTold);
      inboxes.close();
    });

    test("[DM-4] a removed text disappears from a device's list even if another device has the list read first", async ({
      openStores,
    }) => {
      const [own, other] = await openStores(kind);
      const { ben, inboxes, remove, isTold } = await talk(own, other);
      await remove();
      await inboxes.list(ben);
      expect(isTold()).toBe(true);
      inboxes.close();
    });

    test("[DM-4] a removed text disappears from a device's list even if the first read fails", async ({
      openStores,
    }) => {
      const [own, other] = await openStores(kind);
      const { room, clock, counts, inboxes, remove, isTold } = await talk(own, other);
      await remove();
      counts.failures = 1;
      await conversationsOf(other).messageRemoved(room);
      await until("the failed reading", () => counts.failures === 0);
      await until("the removal", () => {
        clock.tick(comparisons);
        return isTold();
      });
      inboxes.close();
    });

    test("[DM-4] a text is read once for a new entry, and never for a change of unread counts or presence", async ({
      openStores,
    }) => {
      const [own, other] = await openStores(kind);
      const { ann, ben, room, counts, changes, inboxes } = await talk(own, other);
      await inboxes.list(ben);
      expect(counts.texts).toBe(0);
      const { at, seq } = await other.broker.feed.publish(room, `of-${ann}`, draft("are you there?"));
      await conversationsOf(other).messageSent(room, ann, { at, isOwnRequest: false });
      await until("the message", () => changes.length === 1);
      await other.onlineVisitors.call([ben], { about: "presence", of: ann });
      await own.onlineVisitors.call([ben], { about: "conversation", of: ann });
      await conversationsOf(own).read(room, ben, seq);
      await until("the reading", () => changes.length === 2);
      expect(changes).toEqual([
        { room, lastEntryAt: at, unread: 1, text: "are you there?" },
        { room, lastEntryAt: at, unread: 0, text: "are you there?" },
      ]);
      await inboxes.list(ben);
      expect(counts.texts).toBe(1);
      inboxes.close();
    });

    test("[DM-11] direct:list reads each text once for each reading of the list, and none for a client that wants none", async ({
      openStores,
    }) => {
      const [own, other] = await openStores(kind);
      const { ben, room, inboxes, counts, broker, remove, wholeReadings } = await talk(own, other);
      const conversations = conversationsOf({ ...own, broker });
      const services = { conversations, inboxes } as unknown as Services;
      const caller = { visitor: { id: ben } } as unknown as CommandCaller;
      const { carryOut } = directCommands["direct:list"];
      expect((await carryOut(services, caller, { texts: false })).answer).not.toMatchObject(oneText);
      expect(counts.texts).toBe(0);
      expect((await carryOut(services, caller, {})).answer).toMatchObject(oneText);
      expect(counts.texts).toBe(1);
      wholeReadings.tryTake = () => 1_000;
      for (let times = 0; times < 5; times += 1)
        expect((await carryOut(services, caller, {})).answer).toMatchObject(oneText);
      expect(counts.texts, "of a list that is not read anew").toBe(1);
      await remove();
      await conversationsOf(other).messageRemoved(room);
      expect((await carryOut(services, caller, {})).answer).toMatchObject({ conversations: [{ text: "" }] });
      inboxes.close();
    });
  });
