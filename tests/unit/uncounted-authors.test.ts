import { pino } from "pino";
import { AccountStore } from "../../server/accounts/account-store";
import { QuotaStore } from "../../server/accounts/quota-store";
import { Quotas } from "../../server/accounts/quotas";
import { VisitedRooms } from "../../server/accounts/visited-rooms";
import { MemoryBroker } from "../../server/broker/memory/broker";
import { systemClock } from "../../server/lib/clock";
import { noNetwork } from "../../server/lib/network";
import { Newcomers } from "../../server/limits/newcomers";
import { RateLimit } from "../../server/limits/rate-limit";
import { WrittenMessages } from "../../server/limits/written-messages";
import { Moderation } from "../../server/moderation/moderation";
import { MemoryRecords } from "../../server/records/memory/records";
import { enter } from "../contract/observed-room";
import { noBudget } from "../support/no-budget";
import { expect, test } from "../support/plain-test";
import { roomsOver } from "./rooms-over";

const logger = pino({ enabled: false });
const ownerKey = "a key long enough for the owner of a test";
const unlimited = new RateLimit(undefined, systemClock);
const settling = { settledMs: 0, settledMessages: 3 };
const author = { id: "author", since: 1 };

/** Two replicas over one store; the author and the owner are in the lobby. */
async function openSite() {
  const broker = new MemoryBroker({ historyLimit: 100, historyDays: 30 }, systemClock);
  const records = new MemoryRecords(systemClock);
  const written = new WrittenMessages(records);
  const replica = async () => {
    const accounts = new AccountStore(records, { endKeptMs: 1e9 });
    const newcomers = new Newcomers(
      { accounts, written, clock: systemClock, logger, settling, feed: broker.feed },
      undefined,
      1e9,
    );
    const moderation = new Moderation({
      ...{ records, broker, newcomers, logger, ownerKeys: [ownerKey], clock: systemClock, guard: "mild" },
      visitedRooms: new VisitedRooms(records),
      quotas: new Quotas(new QuotaStore(records), undefined),
      networkSecret: Buffer.from("the same on all replicas"),
    });
    await moderation.refresh();
    const paces = { messages: unlimited, joins: unlimited, creations: unlimited, renames: unlimited };
    const rooms = roomsOver(broker, {
      ...paces,
      typing: unlimited,
      networks: noBudget,
      newcomers,
      moderation,
    });
    return { newcomers, moderation, rooms };
  };
  const [one, other] = [await replica(), await replica()];
  await enter(broker, "lobby", author.id, "author-1");
  await one.moderation.roles.claim("owner", noNetwork, ownerKey);
  const caller = { visitor: author, network: noNetwork, connection: "author-1", locale: "en" as const };
  let said = 0;
  const say = async (isCaught = false) => {
    // The limits of each message do the same.
    await one.newcomers.hasSettled(author);
    const draft = { clientMessageId: `message-${++said}`, text: "hello" };
    const check = async () => ({ ...(isCaught && { isWithheld: true }), isCaught });
    const { seq } = await one.rooms.post("lobby", caller, draft, { check });
    return seq;
  };
  const isSettled = () => Promise.all([one, other].map(({ newcomers }) => newcomers.hasSettled(author)));
  const close = () => {
    for (const { moderation } of [one, other]) moderation.close();
    return broker.close();
  };
  return { ...{ broker, written, one, other, say, isSettled, caller }, close };
}

const both = (is: boolean) => [is, is];

test("[O-5] an author is no longer settled on any replica once a moderator has removed too many of its messages", async () => {
  const { one, say, isSettled, close } = await openSite();
  const [seq = 0] = [await say(), await say(), await say()];
  await expect.poll(isSettled).toEqual(both(true));
  await one.moderation.removals.remove("owner", "lobby", seq);
  await expect.poll(isSettled).toEqual(both(false));
  await say();
  await expect.poll(async () => (await isSettled())[0]).toBe(true);
  await close();
});

test("[O-5] an author of many messages stays settled when one of the first is removed, because later ones count", async () => {
  const { one, say, isSettled, close } = await openSite();
  const [first = 0] = [await say(), await say(), await say()];
  await expect.poll(isSettled).toEqual(both(true));
  const more: number[] = [];
  for (let index = 0; index < 20; index += 1) more.push(await say());
  await one.moderation.removals.remove("owner", "lobby", first);
  await expect.poll(isSettled).toEqual(both(true));
  for (const seq of more.slice(2)) await one.moderation.removals.remove("owner", "lobby", seq);
  await expect.poll(isSettled).toEqual(both(true));
  await one.moderation.removals.remove("owner", "lobby", more[0] ?? 0);
  await one.moderation.removals.remove("owner", "lobby", more[1] ?? 0);
  await expect.poll(isSettled).toEqual(both(false));
  await close();
});

test("[O-5] messages count from the first, even before any rule asks which visitors are settled", async () => {
  const { one, caller, isSettled, close } = await openSite();
  for (let index = 0; index < 3; index += 1)
    await one.rooms.post("lobby", caller, { clientMessageId: `message-early-${index}`, text: "hi" });
  await expect.poll(isSettled).toEqual(both(true));
  await close();
});

test("[O-5] an author is no longer settled once all its messages were removed", async () => {
  const { one, say, isSettled, written, close } = await openSite();
  for (let index = 0; index < 6; index += 1) await say();
  await expect.poll(isSettled).toEqual(both(true));
  await one.moderation.removals.clear("owner", author.id, "lobby");
  await expect.poll(isSettled).toEqual(both(false));
  expect(await written.count(author.id)).toBe(0);
  await close();
});

test("[O-5] messages that a room’s owner removes no longer count for their author, on every replica", async () => {
  const { broker, one, say, isSettled, written, caller, close } = await openSite();
  await broker.rooms.create({ id: "tea", title: "Tea", kind: "public", owner: "host" });
  await enter(broker, "tea", author.id, "author-1", "Otter");
  await enter(broker, "tea", "host", "host-1", "Heron");
  await say();
  const { seq } = await one.rooms.post("tea", caller, { clientMessageId: "message-tea", text: "hi" });
  await say();
  await expect.poll(() => written.count(author.id)).toBe(3);
  await expect.poll(isSettled).toEqual(both(true));
  const host = { ...caller, visitor: { id: "host" }, connection: "host-1" };
  await one.rooms.remove("tea", host, seq);
  await expect.poll(() => written.count(author.id)).toBe(2);
  await expect.poll(isSettled).toEqual(both(false));
  await close();
});

test("[O-5] [O-7] a message that the guard withholds does not count for its author until it is published", async () => {
  const { one, say, isSettled, written, close } = await openSite();
  const seq = await say(true);
  await one.moderation.reports.addCaught(author.id, { room: "lobby", seq }, ["word"]);
  await say();
  await say();
  await expect.poll(() => written.count(author.id)).toBe(2);
  expect(await isSettled()).toEqual(both(false));
  await one.moderation.reports.settle("owner", { room: "lobby", seq }, true);
  await expect.poll(() => written.count(author.id)).toBe(3);
  await one.moderation.removals.remove("owner", "lobby", seq);
  await expect.poll(() => written.count(author.id)).toBe(2);
  await close();
});
