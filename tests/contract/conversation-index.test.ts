import { nanoid } from "nanoid";
import { maxListedConversations, maxListedRequests } from "../../protocol/limits";
import { maxBlocked } from "../../server/direct/direct-settings";
import { expect, kinds, test, type WholeStore } from "./stores";

const partnersOf = async ({ conversationIndex }: WholeStore, visitor: string) =>
  (await conversationIndex.list(visitor)).found.map(({ partner }) => partner);
const people = () => [nanoid(16), nanoid(16), nanoid(16)] as const;
const inTens = async (count: number, step: (number: number) => Promise<unknown>) => {
  for (let first = 0; first < count; first += 10)
    await Promise.all(Array.from({ length: Math.min(10, count - first) }, (_, index) => step(first + index)));
};

/** The promises of every index of conversations (server/direct/conversation-index.ts). */
for (const kind of kinds) {
  test.describe(`${kind}: the index of conversations`, () => {
    test("[DM-5] a conversation is in its opener's list at once, and in its partner's after the first message, on any replica", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      const [ann, ben] = people();
      await one.conversationIndex.opened(ann, ben, 1_000);
      expect((await other.conversationIndex.list(ann)).found).toEqual([
        { partner: ben, lastEntryAt: 1_000, isRequest: false, hasBlocked: false },
      ]);
      expect(await partnersOf(other, ben)).toEqual([]);
      expect(await other.conversationIndex.listedPartners(ben)).toEqual([{ partner: ann, lists: false }]);
      await other.conversationIndex.messageSent(ben, ann, 2_000);
      expect((await one.conversationIndex.list(ben)).found).toMatchObject([
        { partner: ann, lastEntryAt: 2_000 },
      ]);
      expect((await one.conversationIndex.list(ann)).found).toMatchObject([
        { partner: ben, lastEntryAt: 2_000 },
      ]);
      expect(await one.conversationIndex.listedPartners(ben)).toEqual([{ partner: ann, lists: true }]);
    });

    test("[DM-5] the last active conversation comes first; opening one again and older messages do not change the order", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      const [ann, ben, eve] = people();
      await one.conversationIndex.messageSent(ann, ben, 5_000);
      await other.conversationIndex.messageSent(ann, eve, 6_000);
      await one.conversationIndex.opened(ann, ben, 1_000);
      await one.conversationIndex.messageSent(ben, ann, 4_000);
      expect((await other.conversationIndex.list(ann)).found).toMatchObject([
        { partner: eve, lastEntryAt: 6_000 },
        { partner: ben, lastEntryAt: 5_000 },
      ]);
      await other.conversationIndex.messageSent(ben, ann, 7_000);
      expect(await partnersOf(one, ann)).toEqual([ben, eve]);
      const { found } = await one.conversationIndex.list(ann, [eve, nanoid(16)]);
      expect(found).toMatchObject([{ partner: eve, lastEntryAt: 6_000 }]);
      expect((await one.conversationIndex.list(ann, [])).found).toEqual([]);
    });

    test("[DM-5] a list has at most 200 conversations, and the longest silent ones give way", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      const [ann] = people();
      const partners = Array.from({ length: maxListedConversations + 30 }, () => nanoid(16));
      await inTens(partners.length, (number) =>
        one.conversationIndex.messageSent(ann, partners[number] ?? "", 1_000 + number),
      );
      expect(await partnersOf(other, ann)).toEqual([...partners].reverse().slice(0, maxListedConversations));
    });

    test("[DM-5] an ended conversation leaves the list, unless a message came since it was read", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      const [ann, ben, eve] = people();
      await one.conversationIndex.messageSent(ann, ben, 1_000);
      await one.conversationIndex.messageSent(ann, eve, 1_000);
      const { found } = await one.conversationIndex.list(ann);
      await other.conversationIndex.messageSent(ann, ben, 2_000);
      for (const each of found) await one.conversationIndex.ended(ann, each);
      expect(await partnersOf(other, ann)).toEqual([ben]);
      expect(await partnersOf(other, eve), "the other's own is the other's").toEqual([ann]);
    });

    test("[DM-11] a request is in its opener's list and among its partner's requests, until it is accepted", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      const [ann, ben] = people();
      await one.conversationIndex.opened(ann, ben, 1_000);
      await one.conversationIndex.requested(ann, ben, 2_000);
      await one.conversationIndex.requested(ann, ben, 1_500);
      expect((await other.conversationIndex.list(ann)).found).toMatchObject([
        { partner: ben, lastEntryAt: 2_000, isRequest: false },
      ]);
      const asked = { partner: ann, lastEntryAt: 2_000, isRequest: true, hasBlocked: false };
      expect((await other.conversationIndex.list(ben)).found).toEqual([asked]);
      expect((await other.conversationIndex.list(ben, [ann, nanoid(16)])).found).toEqual([asked]);
      expect(await other.conversationIndex.listedPartners(ben)).toEqual([{ partner: ann, lists: true }]);
      expect(await other.conversationIndex.relation(ann, ben)).toMatchObject({
        lists: true,
        partner: { knows: false },
      });
      expect(await other.conversationIndex.relation(ben, ann)).toMatchObject({
        lists: true,
        partner: { knows: true },
      });
      const [seen] = await one.conversationIndex.versions([ann]);
      for (const { conversationIndex } of [one, other]) await conversationIndex.accepted(ben, ann, 1_000);
      expect(await one.conversationIndex.versions([ann]), "the requester's version changes, too").not.toEqual(
        [seen],
      );
      expect((await one.conversationIndex.list(ben)).found).toEqual([{ ...asked, isRequest: false }]);
      expect(await other.conversationIndex.relation(ann, ben)).toMatchObject({ partner: { knows: true } });
      await one.conversationIndex.requested(ann, ben, 3_000);
      await one.conversationIndex.messageSent(ben, ann, 4_000);
      expect((await other.conversationIndex.list(ben)).found).toEqual([
        { ...asked, isRequest: false, lastEntryAt: 4_000 },
      ]);
    });

    test("[DM-11] requests are the newest 50, and however many come, no conversation gives way", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      const [ann, friend] = people();
      await one.conversationIndex.messageSent(ann, friend, 1_000);
      const strangers = Array.from({ length: 535 }, () => nanoid(16));
      await inTens(strangers.length, async (number) => {
        await one.conversationIndex.opened(strangers[number] ?? "", ann, 2_000 + number);
        await one.conversationIndex.requested(strangers[number] ?? "", ann, 2_000 + number);
      });
      const { found } = await other.conversationIndex.list(ann);
      const asked = [...strangers].reverse().slice(0, maxListedRequests);
      expect(found.map(({ partner }) => partner)).toEqual([friend, ...asked]);
      expect(found.map(({ isRequest }) => isRequest)).toEqual([false, ...asked.map(() => true)]);
    });

    test("[DM-11] a dropped conversation is in no list until a newer message brings it back", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      const [ann, ben, eve] = people();
      await one.conversationIndex.messageSent(ann, ben, 1_000);
      await one.conversationIndex.opened(eve, ann, 1_000);
      await one.conversationIndex.requested(eve, ann, 2_000);
      const [version] = await one.conversationIndex.versions([ann]);
      for (const partner of [ben, eve, nanoid(16)]) await other.conversationIndex.drop(ann, partner);
      expect(await partnersOf(one, ann)).toEqual([]);
      expect(await one.conversationIndex.versions([ann])).not.toEqual([version]);
      expect(await partnersOf(one, ben), "the other's own is the other's").toEqual([ann]);
      expect(await one.conversationIndex.relation(ben, ann)).toMatchObject({ partner: { knows: true } });
      // A retry, and a page that opens again, report the conversation in this way.
      await one.conversationIndex.messageSent(ben, ann, 1_000);
      await one.conversationIndex.opened(ann, ben, 500);
      await one.conversationIndex.requested(eve, ann, 2_000);
      expect(await partnersOf(other, ann)).toEqual([]);
      await one.conversationIndex.messageSent(ben, ann, 3_000);
      expect(await partnersOf(other, ann)).toEqual([ben]);
    });

    test("[DM-11] a message written while a conversation is dropped is listed, or dropped with it", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      for (let round = 0; round < 50; round += 1) {
        const [ann, ben] = people();
        await one.conversationIndex.messageSent(ann, ben, 1_000);
        await Promise.all([
          one.conversationIndex.drop(ann, ben),
          other.conversationIndex.messageSent(ben, ann, 2_000),
        ]);
        const listed = await partnersOf(one, ann);
        // Either it is listed, or it was dropped with the new message: then a repeat of that message does not bring it back.
        await one.conversationIndex.messageSent(ben, ann, 2_000);
        expect(await partnersOf(one, ann)).toEqual(listed);
      }
    });

    test("[DM-8] [DM-9] refusals and blocks between two visitors can be read from both sides", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      const [ann, ben, eve] = people();
      const nothing = { knows: false, refuses: false, hasBlocked: false };
      expect(await other.conversationIndex.relation(ann, ben)).toEqual({
        lists: false,
        hasBlocked: false,
        partner: nothing,
      });
      await one.conversationIndex.opened(ann, ben, 1_000);
      await one.conversationIndex.settings.refuse(ben, true);
      await one.conversationIndex.settings.block(ben, ann, true);
      await one.conversationIndex.settings.block(ben, eve, true);
      expect(await other.conversationIndex.relation(ann, ben)).toEqual({
        lists: true,
        hasBlocked: false,
        partner: { ...nothing, refuses: true, hasBlocked: true },
      });
      expect(await other.conversationIndex.relation(ben, ann)).toEqual({
        lists: true,
        hasBlocked: true,
        partner: { ...nothing, knows: true },
      });
      const { refusesNew, blocked } = await other.conversationIndex.settings.read(ben);
      expect({ refusesNew, blocked: [...blocked].sort() }).toEqual({
        refusesNew: true,
        blocked: [ann, eve].sort(),
      });
      expect((await other.conversationIndex.list(ann)).found).toMatchObject([
        { partner: ben, hasBlocked: true },
      ]);
      await other.conversationIndex.settings.refuse(ben, false);
      const changes = [];
      for (const visitor of [ann, eve, eve])
        changes.push(await other.conversationIndex.settings.block(ben, visitor, false));
      expect(changes).toEqual([true, true, false]);
      expect(await one.conversationIndex.settings.read(ben)).toEqual({ refusesNew: false, blocked: [] });
      expect((await one.conversationIndex.list(ann)).found).toMatchObject([
        { partner: ben, hasBlocked: false },
      ]);
    });

    test("[DM-9] the number of blocks is bounded, and a visitor at the bound can still repeat a block", async ({
      openStores,
    }) => {
      const [{ conversationIndex }] = await openStores(kind);
      const [ann, ben] = people();
      const blocked = Array.from({ length: maxBlocked }, () => nanoid(16));
      await inTens(blocked.length, (number) =>
        conversationIndex.settings.block(ann, blocked[number] ?? "", true),
      );
      await expect(conversationIndex.settings.block(ann, ben, true)).rejects.toMatchObject({
        code: "forbidden",
      });
      await conversationIndex.settings.block(ann, blocked[0] ?? "", true);
      await conversationIndex.settings.block(ann, blocked[0] ?? "", false);
      await conversationIndex.settings.block(ann, ben, true);
    });

    test("[ID-5] the index keeps nothing of a forgotten visitor; its partner keeps the conversation, without a name", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      const [ann, ben, eve] = people();
      await one.conversationIndex.messageSent(ann, ben, 5_000);
      await one.conversationIndex.settings.refuse(ann, true);
      await one.conversationIndex.settings.block(ann, eve, true);
      for (const { conversationIndex } of [one, other]) await conversationIndex.forget(ann);
      expect(await other.conversationIndex.settings.read(ann)).toEqual({ refusesNew: false, blocked: [] });
      expect(await partnersOf(other, ann)).toEqual([]);
      const nothing = await other.conversationIndex.versions([ann]);
      await one.conversationIndex.accepted(ben, ann, 1_000);
      expect(await other.conversationIndex.versions([ann])).toEqual(nothing);
      expect((await other.conversationIndex.list(ben)).found).toEqual([
        { partner: ann, lastEntryAt: 5_000, isRequest: false, hasBlocked: false },
      ]);
    });

    test("[DM-10] a list's version changes with everything that the list shows, and with no other change", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      const [ann, ben, eve] = people();
      const seen = new Set(await other.conversationIndex.versions([ann]));
      const [ofEve] = await other.conversationIndex.versions([eve]);
      for (const step of [
        () => one.conversationIndex.opened(ann, ben, 1_000),
        () => one.conversationIndex.messageSent(ben, ann, 2_000),
        () => one.conversationIndex.touch([ann, ben]),
      ]) {
        await step();
        const [version = 0] = await other.conversationIndex.versions([ann, ben]);
        expect(seen).not.toContain(version);
        expect((await other.conversationIndex.list(ann)).version).toBe(version);
        seen.add(version);
      }
      expect(await other.conversationIndex.versions([eve])).toEqual([ofEve]);
      await one.conversationIndex.opened(eve, ann, 3_000);
      expect(seen, "a change in another visitor's list does not count").toContain(
        (await other.conversationIndex.versions([ann]))[0],
      );
    });

    test("[DM-10] a visitor's new conversation is announced once, after the reader's position", async ({
      openStores,
    }) => {
      const [one, other] = await openStores(kind);
      const [ann, ben, eve] = people();
      await one.conversationIndex.messageSent(ann, eve, 500);
      const start = await other.conversationIndex.newlyListed();
      expect(start.visitors).toEqual([]);
      await one.conversationIndex.opened(ann, ben, 1_000);
      const first = await other.conversationIndex.newlyListed(start.upTo);
      expect(first.visitors).toEqual([ann]);
      await one.conversationIndex.messageSent(ann, ben, 2_000);
      await one.conversationIndex.messageSent(ben, ann, 3_000);
      const second = await other.conversationIndex.newlyListed(first.upTo);
      expect(second.visitors).toEqual([ben]);
      expect(await other.conversationIndex.newlyListed(second.upTo)).toEqual({
        upTo: second.upTo,
        visitors: [],
      });
    });
  });
}
