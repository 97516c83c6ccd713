import { nanoid } from "nanoid";
import { directRoomOf } from "../../server/broker/direct-rooms";
import { viewOf } from "../../server/direct/conversation-view";
import { Conversations } from "../../server/direct/conversations";
import { Inboxes } from "../../server/direct/inboxes";
import { LastTexts } from "../../server/direct/last-text";
import { systemClock } from "../../server/lib/clock";
import { RateLimit } from "../../server/limits/rate-limit";
import { until } from "../support/until";
import { draft, enter } from "./observed-room";
import { expect, kinds, silent, test, type WholeStore } from "./stores";

const unlimited = new RateLimit(undefined);
const conversationsOf = (store: WholeStore) =>
  new Conversations({ ...store, openings: unlimited, readings: unlimited });
const people = () => [nanoid(16), nanoid(16), nanoid(16)] as const;

/** The steps in a conversation, as the gateway carries them out. */
async function come(store: WholeStore, room: string, visitor: string) {
  await store.visitedRooms.visited(visitor, room);
  await enter(store.broker, room, visitor, `of-${visitor}`);
  await conversationsOf(store).requests.joined(room, visitor);
}
async function write(store: WholeStore, room: string, author: string, message: ReturnType<typeof draft>) {
  const { isOwnRequest } = await conversationsOf(store).checkMaySpeak(room, author);
  const receipt = await store.broker.feed.publish(room, `of-${author}`, message);
  await conversationsOf(store).messageSent(room, author, { at: receipt.at, isOwnRequest });
  return receipt;
}
const say = async (store: WholeStore, room: string, author: string, text = "hello") => {
  await come(store, room, author);
  return write(store, room, author, draft(text));
};

/** The state of the visitor's conversations, by partner. */
async function viewsOf(store: WholeStore, visitor: string) {
  const lastTexts = new LastTexts(store.broker.feed);
  return (await viewOf({ ...store, lastTexts }, visitor)).views;
}
async function listOf(store: WholeStore, visitor: string) {
  return (await viewsOf(store, visitor)).map(({ conversation }) => conversation);
}
const sideOf = async (store: WholeStore, visitor: string) =>
  (await listOf(store, visitor)).map(({ partner, request }) => [partner.id, request ?? "accepted"]);

async function inPublic(store: WholeStore, room: string, visitor: string, name: string) {
  await store.visitedRooms.visited(visitor, room);
  await enter(store.broker, room, visitor, `${room}-${visitor}`, name);
}

for (const kind of kinds) {
  test.describe(`${kind}: requests`, () => {
    test("[DM-11] the opener of a conversation may write once, and again after its partner has opened, joined or written", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      for (const answer of [
        (ann: string, ben: string) => conversationsOf(other).open(ben, ann),
        (ann: string, ben: string) => come(other, directRoomOf(ann, ben), ben),
      ]) {
        const [ann, ben] = people();
        const { room } = await conversationsOf(one).open(ann, ben);
        await come(one, room.id, ann);
        const first = draft("may I?");
        const receipt = await write(one, room.id, ann, first);
        const refusal = { code: "forbidden", message: expect.stringMatching(/write more once they answer/) };
        await expect(write(one, room.id, ann, draft("well?"))).rejects.toMatchObject(refusal);
        expect(await write(one, room.id, ann, first), "a retry is not another message").toEqual(receipt);
        await one.broker.feed.remove(room.id, `of-${ann}`, receipt.seq);
        await expect(say(one, room.id, ann), "removing it does not allow another").rejects.toMatchObject(
          refusal,
        );
        await answer(ann, ben);
        await say(one, room.id, ann, "thank you");
        expect(await sideOf(one, ann)).toEqual([[ben, "accepted"]]);
        expect(await sideOf(other, ben)).toEqual([[ann, "accepted"]]);
      }
    });

    test("[DM-11] when many first messages come at once over two connections, one is stored", async ({
      openStores,
    }) => {
      const [one] = await openStores(kind);
      const [ann, ben] = people();
      const { room } = await conversationsOf(one).open(ann, ben);
      await come(one, room.id, ann);
      const all = await Promise.allSettled(
        Array.from({ length: 20 }, (_, number) =>
          one.broker.feed.publish(room.id, `of-${ann}`, draft(`number ${number}`)),
        ),
      );
      expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    });

    test("[DM-11] a request is listed separately with its text, and becomes a conversation on both sides when the partner opens it", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      const [ann, ben] = people();
      const { room, request } = await conversationsOf(one).open(ann, ben);
      expect(request, "no message has been sent").toBeUndefined();
      expect(await sideOf(other, ben)).toEqual([]);
      const { at } = await say(one, room.id, ann, "may I? ".repeat(100));
      expect(await conversationsOf(other).open(ann, ben)).toMatchObject({ request: "sent" });
      expect(await sideOf(one, ann)).toEqual([[ben, "sent"]]);
      const asked = await listOf(other, ben);
      expect(asked).toMatchObject([
        { room: { id: room.id }, partner: { id: ann }, lastEntryAt: at, unread: 1, request: "received" },
      ]);
      const [shown] = await conversationsOf(other).requests.withTexts(await viewsOf(other, ben));
      expect(shown?.text).toBe("may I? ".repeat(100).slice(0, 300));
      expect(await sideOf(other, ben), "reading the request does not accept it").toEqual([[ann, "received"]]);
      const opened = await conversationsOf(other).open(ben, ann);
      expect(opened).toMatchObject({ room: { id: room.id } });
      expect(opened).not.toHaveProperty("request");
      expect(await listOf(one, ben)).toMatchObject([{ lastEntryAt: at, unread: 1 }]);
      expect(await sideOf(one, ben)).toEqual([[ann, "accepted"]]);
      expect(await sideOf(other, ann)).toEqual([[ben, "accepted"]]);
    });

    test("[DM-11] 535 strangers push out only requests: a friend's conversation stays", async ({
      openStores,
    }) => {
      test.setTimeout(120_000);
      const [one, other] = await openStores(kind);
      const [ann, friend] = people();
      const { room } = await conversationsOf(one).open(friend, ann);
      await say(one, room.id, friend);
      await conversationsOf(one).open(ann, friend);
      for (let first = 0; first < 535; first += 5)
        await Promise.all(
          Array.from({ length: 5 }, async () => {
            const stranger = nanoid(16);
            const opened = await conversationsOf(one).open(stranger, ann);
            await say(one, opened.room.id, stranger, "buy this");
          }),
        );
      const sides = await sideOf(other, ann);
      expect(sides[0]).toEqual([friend, "accepted"]);
      expect(sides.slice(1).map(([, side]) => side)).toEqual(Array(50).fill("received"));
    });

    test("[DM-11] an opening that was cut off between the room and the lists is completed at the next read", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      const [ann, ben] = people();
      const { room } = await conversationsOf(one).open(ann, ben);
      await say(one, room.id, ann);
      await one.broker.rooms.accept(room.id, ben, "");
      expect(await sideOf(other, ben)).toEqual([[ann, "accepted"]]);
      await until("its place", async () =>
        (await one.conversationIndex.list(ben)).found.every(({ isRequest }) => !isRequest),
      );
    });

    test("[DM-11] a conversation that an earlier version has made counts as accepted", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      const [ann, ben] = people();
      const id = directRoomOf(ann, ben);
      await one.broker.rooms.create({ id, title: "", kind: "direct" });
      await one.conversationIndex.opened(ann, ben, 1_000);
      for (const text of ["one", "two"]) await say(one, id, ann, text);
      expect(await sideOf(other, ben)).toEqual([[ann, "accepted"]]);
      expect(await sideOf(other, ann)).toEqual([[ben, "accepted"]]);
    });

    test("[DM-8] [DM-11] a visitor that refuses strangers gets no requests, not even repeated ones", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      const [ann, ben, friend] = people();
      const { room } = await conversationsOf(one).open(friend, ben);
      await say(one, room.id, friend);
      await conversationsOf(other).open(ben, friend);
      await conversationsOf(one).open(ann, ben);
      await conversationsOf(other).blocking.refuse(ben, true);
      await conversationsOf(other).drop(room.id, ben);
      await expect(conversationsOf(one).open(ann, ben)).rejects.toMatchObject({ code: "forbidden" });
      await expect(say(one, directRoomOf(ann, ben), ann)).rejects.toMatchObject({ code: "forbidden" });
      await say(one, room.id, friend, "a dropped conversation goes on");
      expect(await sideOf(other, ben)).toEqual([[friend, "accepted"]]);
    });

    test("[DM-11] a partner's presence shows once a request was answered, or while both are in one public room", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      const [ann, ben] = people();
      for (const visitor of [ann, ben]) await one.onlineVisitors.arrive(visitor);
      const isOnline = async (visitor: string) => (await listOf(other, visitor))[0]?.partner.online;
      const opened = await conversationsOf(one).open(ann, ben);
      expect(opened.partner.online).toBe(false);
      await say(one, opened.room.id, ann);
      expect([await isOnline(ann), await isOnline(ben)]).toEqual([false, false]);
      await inPublic(one, "lobby", ann, "Ann");
      await inPublic(one, "lobby", ben, "Ben");
      expect([await isOnline(ann), await isOnline(ben)]).toEqual([true, true]);
      expect((await conversationsOf(one).open(ann, ben)).partner.online).toBe(true);
      await one.broker.membership.leave("lobby", `lobby-${ben}`);
      expect([await isOnline(ann), await isOnline(ben)]).toEqual([false, false]);
      await conversationsOf(other).open(ben, ann);
      expect([await isOnline(ann), await isOnline(ben)]).toEqual([true, true]);
    });

    test("[DM-11] a partner's name comes from a shared public room, and the conversation uses it, too", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      const [ann, ben, eve] = people();
      const [tea, milk] = [`tea-${nanoid(4)}`.toLowerCase(), `milk-${nanoid(4)}`.toLowerCase()];
      for (const id of [tea, milk]) await one.broker.rooms.create({ id, title: id, kind: "public" });
      await inPublic(one, tea, ann, "Ann of tea");
      await inPublic(one, tea, ben, "Ben of tea");
      await one.broker.membership.leave(tea, `${tea}-${ben}`);
      await inPublic(one, milk, ben, "Ben of milk");
      const { room, partner } = await conversationsOf(other).open(ann, ben);
      expect(partner.name).toBe("Ben of tea");
      expect(await conversationsOf(one).usualName(room.id, ann)).toBe("Ann of tea");
      expect(await conversationsOf(one).usualName(room.id, ben)).toBe("Ben of tea");
      await say(one, room.id, ann);
      expect((await listOf(other, ben))[0]?.partner.name).toBe("Ann of tea");
      const strange = await conversationsOf(one).open(eve, ben);
      expect(strange.partner.name, "no name of a visitor never met").toBe("–");
      expect(await conversationsOf(one).usualName(strange.room.id, ben)).toBeUndefined();
      await inPublic(one, milk, eve, "Eve of milk");
      expect((await conversationsOf(one).open(eve, ben)).partner.name).toBe("Ben of milk");
    });

    test("[DM-11] an older conversation shows the partner's name from a room that both have been in", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      const [ann, ben] = people();
      const id = directRoomOf(ann, ben);
      await one.broker.rooms.create({ id, title: "", kind: "direct" });
      await say(one, id, ann);
      for (const visitor of [ann, ben])
        await inPublic(one, "lobby", visitor, visitor === ann ? "Ann" : "Ben");
      await conversationsOf(one).open(ben, ann);
      expect((await listOf(other, ben))[0]?.partner.name).toBe("Ann");
    });

    test("[DM-9] a visitor can block only visitors that it met in a room or a conversation; unblocking always works", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      const [ann, ben, eve] = people();
      const block = (visitor: string, isBlocked = true) =>
        conversationsOf(one).blocking.block(ann, visitor, isBlocked);
      for (const stranger of [ben, eve, nanoid(16)])
        await expect(block(stranger)).rejects.toMatchObject({ code: "forbidden" });
      for (const visitor of [ann, ben])
        await inPublic(one, "lobby", visitor, visitor === ann ? "Ann" : "Ben");
      await block(ben);
      const { room } = await conversationsOf(other).open(eve, ann);
      await say(other, room.id, eve);
      await block(eve);
      expect([...(await other.conversationIndex.settings.read(ann)).blocked].sort()).toEqual(
        [ben, eve].sort(),
      );
      const nobody = nanoid(16);
      const before = await other.conversationIndex.versions([nobody]);
      await block(nobody, false);
      expect(
        await other.conversationIndex.versions([nobody]),
        "nor does the store keep a made-up id",
      ).toEqual(before);
      for (const visitor of [ben, eve]) await block(visitor, false);
      expect((await other.conversationIndex.settings.read(ann)).blocked).toEqual([]);
    });

    test("[DM-11] a dropped conversation disappears from the list of every device, and comes back with the next message", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      const [ann, ben, eve] = people();
      const { room } = await conversationsOf(one).open(ann, ben);
      await say(one, room.id, ann);
      await conversationsOf(one).open(ben, ann);
      const inboxes = new Inboxes({ ...other, clock: systemClock, logger: silent });
      const changes: object[] = [];
      inboxes.arrive(ben, {
        conversationChanged: (change) => changes.push(change),
        presenceChanged: () => undefined,
      });
      expect(await inboxes.list(ben)).toHaveLength(1);
      for (const visitor of [eve, nanoid(16)])
        await expect(conversationsOf(one).drop(room.id, visitor)).rejects.toMatchObject({
          code: "room_not_found",
        });
      await conversationsOf(one).drop(room.id, ben);
      await until("the word", () => changes.length > 0);
      expect(changes).toMatchObject([{ room: room.id, unread: 0, isGone: true }]);
      expect(await inboxes.list(ben)).toEqual([]);
      expect(await sideOf(one, ann), "the partner's list is unchanged").toEqual([[ben, "accepted"]]);
      await say(one, room.id, ann, "still there?");
      await until("its return", async () => (await inboxes.list(ben)).length === 1);
      inboxes.close();
    });
  });
}
