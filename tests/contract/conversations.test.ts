import { nanoid } from "nanoid";
import { Allowance } from "../../server/chat/allowance";
import { Conversations } from "../../server/chat/conversations";
import type { Device } from "../../server/chat/desk";
import { Desks } from "../../server/chat/desks";
import { directRoomOf } from "../../server/chat/direct-rooms";
import { systemClock } from "../../server/lib/clock";
import { until } from "../support/until";
import { draft, enter } from "./observed-room";
import { expect, kinds, silent, test, type WholeStore } from "./stores";

const unlimited = new Allowance(undefined);
const conversationsOf = (store: WholeStore, openings = unlimited) =>
  new Conversations({ ...store, openings });

/** A connection that keeps what it is told. */
class HeardDevice implements Device {
  readonly changes: Parameters<Device["conversationChanged"]>[0][] = [];
  readonly presences: Parameters<Device["presenceChanged"]>[0][] = [];

  conversationChanged(change: Parameters<Device["conversationChanged"]>[0]): void {
    this.changes.push(change);
  }

  presenceChanged(change: Parameters<Device["presenceChanged"]>[0]): void {
    this.presences.push(change);
  }
}

/** Whatever takes place in a conversation, as the gateway carries it out. */
async function say(store: WholeStore, room: string, author: string, text: string) {
  await enter(store.broker, room, author, `of-${author}`);
  const receipt = await store.broker.publish(room, `of-${author}`, draft(text));
  await conversationsOf(store).spoke(room, receipt.at);
  return receipt;
}

for (const kind of kinds) {
  test.describe(`${kind}: conversations`, () => {
    test("[DM-1] twenty times opened at once from both sides on two replicas, it is one room", async ({
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
          expect((await stores[0].index.list(visitor)).found.map(({ lastEntryAt }) => lastEntryAt)).toEqual([
            opened[0]?.room.createdAt,
          ]);
      }
    });

    test("[DM-3] only conversations that are new are bounded, for each visitor by itself", async ({
      openStores,
    }) => {
      const [store] = await openStores(kind);
      const conversations = conversationsOf(store, new Allowance({ perSecond: 0.001, burst: 2 }));
      const [ann, ben, eve, fay] = [nanoid(16), nanoid(16), nanoid(16), nanoid(16)];
      await conversations.open(ann, ben);
      await conversations.open(ann, eve);
      await expect(conversations.open(ann, fay)).rejects.toMatchObject({ code: "rate_limited" });
      await conversations.open(ann, ben);
      await conversations.open(ben, ann);
      await conversations.open(fay, ann);
      await conversations.open(ann, fay);
    });

    test("[DM-4] every device of both, wherever it is, is told of each message, of what is read and of what is taken back", async ({
      openStores,
    }) => {
      const stores = await openStores(kind);
      const replicas = stores.map((store) => new Desks({ ...store, clock: systemClock, logger: silent }));
      const [ann, ben, eve] = [nanoid(16), nanoid(16), nanoid(16)];
      const devices = [ann, ben, eve].flatMap((visitor) =>
        replicas.map((desks) => {
          const device = new HeardDevice();
          desks.arrive(visitor, device);
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
      await say(stores[1], room.id, ann, "are you there?");
      await tell(ben, 2);
      await conversationsOf(stores[1]).read(room.id, ben, seq);
      await tell(ben, 1);
      await conversationsOf(stores[0]).read(room.id, ben, 1_000);
      await tell(ben, 0);
      for (const { visitor, device } of devices) {
        const about = device.changes.map((change) => change.room);
        expect(new Set(about)).toEqual(new Set(visitor === eve ? [] : [room.id]));
        if (visitor === ben) expect(device.changes[0]).toEqual({ room: room.id, lastEntryAt: at, unread: 1 });
      }
      for (const desks of replicas) await desks.close();
    });

    test("[DM-5] a conversation whose room has expired is in no list, and is a new one when it is opened again", async ({
      openStores,
    }) => {
      const [store] = await openStores(kind);
      const desks = new Desks({ ...store, clock: systemClock, logger: silent });
      const [ann, ben] = [nanoid(16), nanoid(16)];
      await store.index.spoke(ann, ben, 1_000);
      expect(await desks.list(ann)).toEqual([]);
      await until("its place is free", async () => (await store.index.list(ann)).found.length === 0);
      await store.index.spoke(ann, ben, 1_000);
      await store.index.refuse(ben, true);
      await expect(conversationsOf(store).open(ann, ben)).rejects.toMatchObject({ code: "forbidden" });
      await store.index.refuse(ben, false);
      const { room } = await conversationsOf(store).open(ann, ben);
      expect(await desks.list(ann)).toMatchObject([{ room, lastEntryAt: room.createdAt, unread: 0 }]);
      await desks.close();
    });
  });
}
