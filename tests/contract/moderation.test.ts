import type { Room, VisitorId } from "../../protocol/events";
import { QuotaStore } from "../../server/accounts/quota-store";
import { Quotas } from "../../server/accounts/quotas";
import { VisitedRooms } from "../../server/accounts/visited-rooms";
import type { Broker } from "../../server/broker/broker";
import { MemoryBroker } from "../../server/broker/memory/broker";
import { systemClock } from "../../server/lib/clock";
import type { Network } from "../../server/lib/network";
import { readEveryMs } from "../../server/moderation/known-state";
import { Moderation } from "../../server/moderation/moderation";
import { finishEveryMs } from "../../server/moderation/owed-reports";
import { mostActs } from "../../server/moderation/state-store";
import { mostReports } from "../../server/moderation/stored-reports";
import { listAt, mapAt } from "../../server/records/kinds";
import { MemoryRecords } from "../../server/records/memory/records";
import type { Records } from "../../server/records/records";
import type { RedisServer } from "../support/redis-server";
import { until } from "../support/until";
import { HandClock } from "./hand-clock";
import { draft, enter, freshId } from "./observed-room";
import { closeRecordStores, type RecordStore, recordStore } from "./record-stores";
import { expect, type Kind, kinds, silent, test } from "./stores";

const ownerKey = "a key long enough for the owner of a test";
const [home, elsewhere] = ["198.51.100.1", "203.0.113.1"] as Network[] as [Network, Network];
const refusal = (code: string) => expect.objectContaining({ code });
const dayMs = 86_400_000;

/** tests/unit/uncounted-authors.test.ts covers these. */
const nothing = async () => {};
const uncounting = {
  messageRemoved: nothing,
  messagesCleared: nothing,
  messagePublished: nothing,
  doubt: () => {},
};

let shared: RedisServer;
const opened: { close(): unknown }[] = [];

test.beforeEach(({ redis }) => {
  shared = redis;
});
test.afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
  await closeRecordStores();
});

/** Records of one store, as each replica opens them. */
function storeOf(kind: Kind): () => Promise<Records> {
  let store: Promise<RecordStore> | undefined;
  return async () => {
    store ??= recordStore(kind, shared);
    return (await store).open();
  };
}

function trial(kind: Kind, historyLimit = 100) {
  const openRecords = storeOf(kind);
  const broker: Broker = new MemoryBroker({ historyLimit, historyDays: 30 }, systemClock);
  opened.push(broker);
  const [owner, visitor] = [freshId("owner"), freshId("visitor")];
  const replica = async (settings: { keys?: string[]; clock?: HandClock; records?: Records } = {}) => {
    const { keys: ownerKeys = [ownerKey], clock = systemClock, records = await openRecords() } = settings;
    const moderation = new Moderation({
      ...{ records, broker, ownerKeys, clock, logger: silent },
      visitedRooms: new VisitedRooms(records),
      quotas: new Quotas(new QuotaStore(records), undefined),
      guard: "mild",
      newcomers: {
        hasSettled: async ({ since = 0 }) => since === 0,
        ...uncounting,
      },
      networkSecret: Buffer.from("the same on all replicas"),
    });
    opened.push(moderation);
    await moderation.refresh();
    return moderation;
  };
  const at = (id: VisitorId, network = elsewhere, since = 0) => ({ visitor: { id, since }, network });
  const claimed = async (moderation: Moderation) => {
    await moderation.roles.claim(owner, home, ownerKey);
    return moderation;
  };
  return { owner, visitor, broker, replica, at, claimed, openRecords };
}

for (const kind of kinds) {
  test(`[O-1] ${kind}: every replica knows a role at its next reading, and a replica that starts later knows it, too`, async () => {
    const { owner, visitor, replica, claimed } = trial(kind);
    const clock = new HandClock();
    const [one, other] = [await replica(), await replica({ clock })];
    await claimed(one);
    await one.roles.setModerator(owner, visitor, true);
    expect(one.roleOf(visitor)).toBe("moderator");
    clock.tick(readEveryMs);
    await until("the role", () => other.roleOf(visitor) === "moderator");
    expect(other.roleOf(owner)).toBe("owner");
    const restarted = await replica();
    await restarted.refresh();
    expect([owner, visitor].map((each) => restarted.roleOf(each))).toEqual(["owner", "moderator"]);
    await other.roles.resign(owner);
    expect(other.roleOf(owner)).toBeUndefined();
    await expect(other.roles.resign(owner)).rejects.toEqual(refusal("forbidden"));
  });

  test(`[O-1] ${kind}: the role ends when its key is no longer set, and the store never has the key`, async () => {
    const { owner, visitor, replica, claimed, openRecords } = trial(kind);
    const moderation = await claimed(await replica());
    await moderation.roles.setModerator(owner, visitor, true);
    const roles = async (keys: string[]) => {
      const later = await replica({ keys });
      await later.refresh();
      return [owner, visitor].map((each) => later.roleOf(each));
    };
    expect(await roles(["another key that is long enough", ownerKey])).toEqual(["owner", "moderator"]);
    expect(await roles(["another key that is long enough"])).toEqual([undefined, "moderator"]);
    expect(await roles([])).toEqual([undefined, undefined]);
    const [state] = await (await openRecords()).read(mapAt("{@moderation}:state").fields());
    expect(JSON.stringify([...state])).not.toContain(ownerKey);
    const withoutKey = await replica({ keys: [] });
    await expect(withoutKey.roles.claim(owner, home, "")).rejects.toEqual(refusal("forbidden"));
  });

  test(`[O-4] ${kind}: a sanction holds on every replica until it ends, and a later one of its kind replaces it`, async () => {
    const { owner, visitor, replica, at, claimed } = trial(kind);
    const clock = new HandClock();
    const [one, other] = [await replica(), await replica({ clock })];
    await claimed(one);
    await one.sanctions.set(owner, { visitor, kind: "mute", forMs: 60_000 });
    const { id, until: end } = await one.sanctions.set(owner, { visitor, kind: "mute", forMs: 600_000 });
    const setAt = Date.now();
    await until("a later moment, since the list has the newest first", () => Date.now() > setAt);
    await one.sanctions.set(owner, { visitor, kind: "mute", room: "lobby" });
    clock.skip(1_500);
    await other.refresh();
    const muted = { code: "muted", retryAfterMs: expect.any(Number) };
    expect(() => other.checkMute(at(visitor), "tea")).toThrow(expect.objectContaining(muted));
    expect(other.sanctions.list(owner, undefined, 10).sanctions.map(({ room }) => room)).toEqual([
      "lobby",
      undefined,
    ]);
    expect(other.sanctions.list(owner, undefined, 1)).toMatchObject({
      sanctions: [{ room: "lobby" }],
      more: true,
    });
    clock.skip((end ?? 0) - Date.now() + 1_000);
    await other.refresh();
    other.checkMute(at(visitor), "tea");
    expect(() => other.checkMute(at(visitor), "lobby"), "without an end").toThrow();
    expect(other.sanctions.list(owner, undefined, 10).sanctions.map(({ room }) => room)).toEqual(["lobby"]);
    clock.tick(60_000);
    // That replica removes ended sanctions from the store.
    await until(
      "the end",
      () => !one.sanctions.list(owner, undefined, 10).sanctions.some((each) => each.id === id),
    );
  });

  test(`[O-4] ${kind}: the replica that has seen a sanctioned visitor's network adds it to the sanction, as a digest, for 30 days`, async () => {
    const { owner, visitor, replica, at, claimed, openRecords } = trial(kind);
    const clock = new HandClock();
    const [one, other, third] = [await replica(), await replica(), await replica({ clock })];
    await claimed(one);
    other.networks.seen(visitor, elsewhere);
    const { at: set } = await one.sanctions.set(owner, { visitor, kind: "ban", hasNetwork: true });
    const [newcomer, earlier] = [freshId("newcomer"), freshId("earlier")];
    await until("the network", () => one.isBanned(at(newcomer, elsewhere, set + 1)));
    clock.skip(1_500);
    await third.refresh();
    for (const each of [one, third]) {
      expect(each.isBanned(at(visitor, home))).toBe(true);
      expect(each.isBanned(at(newcomer, elsewhere, set - 9 * 60_000)), "came shortly before").toBe(true);
      expect(each.isBanned(at(earlier, elsewhere, set - 11 * 60_000))).toBe(false);
      expect(each.isBanned(at(newcomer, home, set + 1))).toBe(false);
    }
    const stored = async () =>
      JSON.stringify([...(await (await openRecords()).read(mapAt("{@moderation}:state").fields()))[0]]);
    expect(await stored()).not.toContain(elsewhere);
    expect(await stored()).toMatch(/networks\\?":\[\\?"/);
    clock.skip(30 * dayMs + 60_000);
    await third.refresh();
    expect(third.isBanned(at(newcomer, elsewhere, set + 1))).toBe(false);
    expect(third.isBanned(at(visitor, elsewhere))).toBe(true);
    clock.tick(60_000);
    await until("no network", async () => /networks\\?":\[\]/.test(await stored()));
  });

  test(`[O-4] ${kind}: the network of a sanctioned visitor that no replica remembers is added when the visitor comes, once`, async () => {
    const { owner, visitor, replica, at, claimed, openRecords } = trial(kind);
    const one = await claimed(await replica());
    const { at: set } = await one.sanctions.set(owner, { visitor, kind: "ban", hasNetwork: true });
    const newcomer = at(freshId("newcomer"), elsewhere, set + 1);
    expect(one.isBanned(newcomer)).toBe(false);
    one.networks.seen(visitor, elsewhere);
    await until("the network", () => one.isBanned(newcomer));
    for (let index = 0; index < 30; index += 1) one.networks.seen(visitor, `192.0.2.${index}` as Network);
    const digests = async () => {
      const [state] = await (await openRecords()).read(mapAt("{@moderation}:state").fields());
      const text = [...state].find(([subject]) => subject.startsWith("sanction "))?.[1] ?? "{}";
      return (JSON.parse(text) as { networks: string[] }).networks.length;
    };
    await until("ten networks", async () => (await digests()) === 10);
  });

  test(`[O-4] ${kind}: when two replicas set the same kind of sanction at one moment, lifting one ends both`, async () => {
    const { owner, visitor, replica, at, claimed } = trial(kind);
    const [one, other] = [await claimed(await replica()), await replica()];
    await other.refresh();
    const set = ({ sanctions }: Moderation) => sanctions.set(owner, { visitor, kind: "mute" });
    const [{ id }] = await Promise.all([set(one), set(other)]);
    await until("both", () => [one, other].every(({ sanctions }) => sanctions.of(visitor).length === 2));
    await one.sanctions.lift(owner, id);
    await until("the end of both", () => [one, other].every((each) => !each.isMuted(at(visitor), "tea")));
  });

  test(`[O-4] ${kind}: a sanction that replaces another keeps its networks, and says how to set the replaced one again`, async () => {
    const { owner, visitor, replica, at, claimed } = trial(kind);
    const [seer, restarted] = [await claimed(await replica()), await replica()];
    seer.networks.seen(visitor, elsewhere);
    const first = { visitor, kind: "ban", hasNetwork: true, forMs: dayMs, reason: "spam" } as const;
    const { replaced: none, at: set } = await seer.sanctions.set(owner, first);
    expect(none).toBeUndefined();
    const newcomer = at(freshId("newcomer"), elsewhere, set + dayMs);
    const [since, elder] = [set - 599_999, set - 600_000].map((came) =>
      at(freshId("came"), elsewhere, came),
    ) as [ReturnType<typeof at>, ReturnType<typeof at>];
    await until("the network", () => restarted.isBanned(newcomer));
    await until("a later moment, or all would count from the same", () => Date.now() > set + 1);
    const second = await restarted.sanctions.set(owner, { visitor, kind: "ban", hasNetwork: true });
    expect(restarted.isBanned(newcomer)).toBe(true);
    expect(second.replaced).toEqual({ ...first, forMs: set + dayMs - second.at });
    const third = await restarted.sanctions.set(owner, second.replaced ?? first);
    expect(third.until).toBe(set + dayMs + (third.at - second.at));
    expect(restarted.isBanned(newcomer)).toBe(true);
    expect(restarted.isBanned(since), "it came less than ten minutes before the first ban").toBe(true);
    expect(restarted.isBanned(elder)).toBe(false);
    expect(restarted.sanctions.of(visitor)).toHaveLength(1);
    expect(JSON.stringify(restarted.sanctions.of(visitor))).not.toContain("networks");
  });

  test(`[O-5] ${kind}: all replicas know a room's rules, and forget them when the room has ended`, async () => {
    const { owner, visitor, replica, claimed, broker } = trial(kind);
    const [one, other] = [await replica(), await replica()];
    await claimed(one);
    const room = freshId("room");
    await broker.rooms.create({ id: room, title: "Tea", kind: "public", owner: visitor });
    const rules = { slowMs: 5_000, writers: "settled", links: "none", welcome: "Be kind." } as const;
    expect((await one.rules.set(owner, { room, ...rules })).rules).toEqual(rules);
    const changed = await one.rules.set(owner, { room, slowMs: 0, writers: "all", welcome: null });
    expect(changed.rules).toEqual({ links: "none" });
    await until("the rules", () => other.rules.of<Room>(changed).rules?.links === "none");
    await expect(one.rules.set(visitor, { room, slowMs: 1 })).rejects.toEqual(refusal("forbidden"));
    await expect(one.rules.set(owner, { room: freshId("no"), slowMs: 1 })).rejects.toEqual(
      refusal("room_not_found"),
    );
    await one.rules.ended(room);
    const { rules: _, ...plain } = changed;
    expect(one.rules.of(plain)).toEqual(plain);
  });

  test(`[O-5] [O-6] ${kind}: a replica does not undo another's writes that it has not read yet`, async () => {
    const { owner, visitor, replica, claimed, broker } = trial(kind);
    const one = await claimed(await replica());
    const room = freshId("room");
    await broker.rooms.create({ id: room, title: "Tea", kind: "public", owner: visitor });
    await enter(broker, room, visitor, `${visitor}-1`);
    const { seq } = await broker.feed.publish(room, `${visitor}-1`, draft("a slur"));
    await one.reports.add("first", { room, seq });
    const late = () => replica({ clock: new HandClock() });
    const [renaming, ruling, settling] = [await late(), await late(), await late()];

    await one.rules.set(owner, { room, links: "none" });
    await renaming.rules.retitled(owner, room);
    await ruling.rules.set(owner, { room, slowMs: 5_000 });
    expect((await (await replica()).rules.openRoom(room)).rules).toEqual({ links: "none", slowMs: 5_000 });
    await one.reports.add("second", { room, seq });
    await settling.reports.settle(owner, { room, seq });
    await settling.reports.add("third", { room, seq });
    expect((await settling.reports.list(owner, undefined, 1)).reports).toMatchObject([{ count: 3 }]);
    const { acts } = await one.log(owner, undefined, 4);
    expect(acts.map(({ did }) => did)).toEqual(["report:settle", "room:rules", "room:rename", "room:rules"]);
  });

  test(`[O-8] ${kind}: the log has a room’s new title by the owner, and none by its maker, though every replica tells it`, async () => {
    const { owner, visitor, replica, claimed } = trial(kind);
    const clock = new HandClock();
    const [one, other] = [await claimed(await replica()), await replica({ clock })];
    const told: string[] = [];
    other.onRoomChange((room) => told.push(room));
    await one.rules.retitled(visitor, "tea");
    clock.tick(readEveryMs);
    await expect.poll(() => told).toEqual(["tea"]);
    await one.rules.retitled(owner, "cocoa");
    const { acts } = await one.log(owner, undefined, 10);
    expect(acts.map(({ did, room }) => [did, room])).toEqual([
      ["room:rename", "cocoa"],
      ["owner:claim", undefined],
    ]);
  });

  test(`[O-5] ${kind}: the rules say who may write and whether links are allowed; they do not bind the owner and moderators`, async () => {
    const { owner, visitor, replica, claimed } = trial(kind);
    const moderation = await claimed(await replica());
    const [settled, newcomer] = [
      { id: visitor, since: 0 },
      { id: visitor, since: Date.now() },
    ];
    const said = (who: { id: VisitorId; since: number }, text = "hello") =>
      moderation.rules.check(who, "lobby", text).then(
        () => "ok",
        (error: { code: string }) => error.code,
      );
    const link = "see https://evil.example/x";
    await moderation.rules.set(owner, { room: "lobby", writers: "settled", links: "settled" });
    expect([await said(settled), await said(settled, link), await said(newcomer)]).toEqual([
      "ok",
      "ok",
      "read_only",
    ]);
    await moderation.rules.set(owner, { room: "lobby", writers: "all", links: "settled" });
    expect([await said(newcomer), await said(newcomer, link)]).toEqual(["ok", "read_only"]);
    await moderation.rules.set(owner, { room: "lobby", links: "none" });
    for (const text of [
      link,
      "www.evil.example",
      "evil.example/buy",
      "ｈｔｔｐｓ：／／evil.example",
      "ht\u200btps://evil.example",
    ])
      expect(await said(settled, text), text).toBe("read_only");
    for (const text of ["e.g. this", "node.js is fine.", "and/or", "1.5/2", "Hello.World", "안녕하세요."])
      expect(await said(settled, text), text).toBe("ok");
    await moderation.rules.set(owner, { room: "lobby", writers: "moderators" });
    expect(await said(settled)).toBe("read_only");
    expect(await said({ id: owner, since: Date.now() }, link)).toBe("ok");
    expect(moderation.rules.slowMs(owner, "lobby")).toBeUndefined();
  });

  test(`[O-6] [O-7] ${kind}: readers can report a published message, and the report has the number of the withheld one`, async () => {
    const { owner, visitor, replica, claimed, broker } = trial(kind);
    const moderation = await claimed(await replica());
    await enter(broker, "lobby", visitor, `${visitor}-1`);
    const withheld = { ...draft("a slur after all"), isWithheld: true };
    const message = {
      room: "lobby",
      seq: (await broker.feed.publish("lobby", `${visitor}-1`, withheld)).seq,
    };
    await moderation.reports.addCaught(visitor, message, ["word"]);
    await moderation.reports.settle(owner, message, true);
    const { seq } = await broker.feed.publishWithheld("lobby", message.seq);
    const report = (by: VisitorId, number: number) =>
      moderation.reports.add(by, { room: "lobby", seq: number, reason: "abuse" });
    for (const [by, number] of [
      [visitor, seq],
      ["reader", message.seq],
      ["reader", 1],
    ] as const)
      await expect(report(by, number)).rejects.toEqual(refusal("bad_request"));
    await report("reader", seq);
    await report("reader", seq);
    expect((await moderation.reports.list(owner, undefined, 10)).reports).toMatchObject([
      {
        ...message,
        count: 2,
        reporters: [{ by: "guard" }, { by: "reader", reason: "abuse" }],
        message: { seq: message.seq, text: "a slur after all", withheld: true },
      },
    ]);
  });

  test(`[O-6] ${kind}: pages of reports have every report, even of those that came at one moment`, async () => {
    const { owner, visitor, replica, claimed, broker } = trial(kind);
    const { reports } = await claimed(await replica());
    await enter(broker, "lobby", visitor, `${visitor}-1`);
    const seqs: number[] = [];
    for (let count = 0; count < 12; count += 1)
      seqs.push((await broker.feed.publish("lobby", `${visitor}-1`, draft("x"))).seq);
    await Promise.all(seqs.map((seq) => reports.add("reader", { room: "lobby", seq })));
    const found: number[] = [];
    let before: number | undefined;
    for (let more = true; more; ) {
      const page = await reports.list(owner, before, 1);
      found.push(...page.reports.map(({ seq }) => seq));
      before = page.reports.at(-1)?.at;
      more = page.more;
    }
    expect(found.sort((one, other) => one - other)).toEqual(seqs);
  });

  test(`[O-7] ${kind}: if a replica dies before it reports a withheld message, another replica reports it once`, async () => {
    const { owner, replica, claimed, broker, openRecords } = trial(kind, 300);
    const clock = new HandClock();
    const [one, other] = [await claimed(await replica()), await replica({ clock })];
    await enter(broker, "lobby", "author", "author-1");
    const publish = (isWithheld: boolean) => {
      const posting = draft("a slur");
      const caught = { room: "lobby", author: "author", id: posting.clientMessageId };
      const signs = ["word" as const];
      const noted = isWithheld ? one.catches.note({ ...caught, signs }) : undefined;
      return { noted, stored: broker.feed.publish("lobby", "author-1", { ...posting, isWithheld }) };
    };
    const lost = await publish(true).stored;
    for (let said = 0; said < 210; said += 1) await publish(false).stored;
    // These were refused, so there is nothing to report.
    one.catches.note({ room: "lobby", author: "author", id: "never-stored", signs: ["word"] });
    one.catches.note({ room: "no-such-room", author: "author", id: "never-stored", signs: ["word"] });
    const { noted, stored } = publish(true);
    const told = await stored;
    noted?.report(told.seq);
    const reported = async (moderation: Moderation) =>
      (await moderation.reports.list(owner, undefined, 10)).reports.map(({ seq, count }) => [seq, count]);
    await until("the replica's own report", async () => (await reported(one)).length === 1);
    expect(one.isAnywhereShadowed("author")).toBe(true);

    const notes = async () => (await (await openRecords()).read(listAt("{@moderation}:catches").length()))[0];
    await until("only what is owed", async () => (await notes()) === 3);
    clock.skip(finishEveryMs + 1_000);
    clock.tick(finishEveryMs);
    await until("nothing owed", async () => (await notes()) === 0);
    const expected = [
      [told.seq, 1],
      [lost.seq, 1],
    ];
    for (const each of [one, other])
      await expect.poll(async () => (await reported(each)).sort().reverse()).toEqual(expected);
  });

  test(`[O-7] ${kind}: every replica knows both numbers of a published message`, async () => {
    const { owner, replica, claimed, broker } = trial(kind);
    const [one, other] = [await claimed(await replica()), await replica()];
    await enter(broker, "lobby", "author", "author-1");
    const withheld = { ...draft("a slur"), isWithheld: true };
    const { seq: written } = await broker.feed.publish("lobby", "author-1", withheld);
    await one.reports.addCaught("author", { room: "lobby", seq: written }, ["word"]);
    expect(one.publications.in("lobby")).toBeUndefined();
    for (let times = 0; times < 2; times += 1)
      await one.reports.settle(owner, { room: "lobby", seq: written }, true);
    const known = { author: "author", written, published: written + 1 };
    for (const each of [one, other])
      for (const seq of [written, written + 1])
        await expect.poll(() => each.publications.in("lobby")?.(seq)).toEqual(known);
    expect(one.publications.in("tea")).toBeUndefined();
  });

  test(`[O-8] ${kind}: the log has all acts, the newest first, page by page`, async () => {
    const { owner, visitor, replica, claimed } = trial(kind);
    const moderation = await claimed(await replica());
    await moderation.sanctions.set(owner, { visitor, kind: "mute", reason: "spam" });
    await moderation.removals.clear(owner, visitor);
    const first = await moderation.log(owner, undefined, 2);
    expect(first).toMatchObject({
      acts: [
        { did: "messages:clear", by: owner, visitor, removed: 0 },
        { did: "sanction:set", by: owner, visitor, kind: "mute", reason: "spam" },
      ],
      more: true,
    });
    const rest = await moderation.log(owner, first.acts.at(-1)?.at, 2);
    expect(rest).toMatchObject({ acts: [{ did: "owner:claim" }], more: false });
    await expect(moderation.log(visitor, undefined, 2)).rejects.toEqual(refusal("forbidden"));
  });
}

test("[O-4] sanctions that end together are taken away together, once at a time", async () => {
  const { owner, replica, claimed, openRecords } = trial("memory");
  const [clock, records] = [new HandClock(), await openRecords()];
  const moderation = await claimed(await replica({ clock, records }));
  for (let number = 0; number < 120; number += 1)
    await moderation.sanctions.set(owner, { visitor: `visitor-${number}`, kind: "mute", forMs: 1_000 });
  await moderation.sanctions.set(owner, { visitor: "visitor", kind: "mute", forMs: dayMs });
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const write = records.write.bind(records);
  let steps = 0;
  records.write = async (writes, options) => {
    steps += 1;
    await begun;
    return write(writes, options);
  };
  clock.skip(2_000);
  for (let time = 0; time < 3; time += 1) clock.tick(60_000);
  await expect.poll(() => steps).toBe(1);
  begin();
  const left = async () =>
    [...(await records.read(mapAt("{@moderation}:state").fields()))[0].keys()].filter((subject) =>
      subject.startsWith("sanction "),
    ).length;
  await expect.poll(left).toBe(1);
  expect(steps).toBe(2);
});

test("[O-8] the log keeps the newest of more acts than it has place for", async () => {
  const { owner, replica, claimed, openRecords } = trial("memory");
  const records = await openRecords();
  const from = Date.now() - dayMs;
  const line = (number: number) => JSON.stringify({ id: `act-${number}`, by: owner, did: "room:rules" });
  const acts = Array.from({ length: mostActs }, (_, number): [string, number] => [
    line(number),
    from + number,
  ]);
  const log = listAt("{@moderation}:acts");
  await records.write([log.score(...acts)]);
  await claimed(await replica());
  const [length, [oldest]] = await records.read(log.length(), log.listed({ order: "lowest", most: 1 }));
  expect([length, oldest]).toEqual([mostActs, acts[1]]);
});

test("[O-6] [O-7] caught messages push out no visitor’s report, and their author is not told", async () => {
  const { owner, visitor, broker, replica, claimed } = trial("memory");
  const [one, other] = [await claimed(await replica()), await replica()];
  await enter(broker, "lobby", "author", "author-1");
  const { seq } = await broker.feed.publish("lobby", "author-1", draft("a slur"));
  await one.reports.add(visitor, { room: "lobby", seq });
  for (let index = 1; index <= mostReports; index += 1)
    await one.reports.addCaught(`spammer ${index}`, { room: "lobby", seq: seq + index }, ["word"]);
  const { reports } = await one.reports.list(owner, undefined, mostReports + 1);
  expect(reports.length).toBe(mostReports);
  expect(reports.map((report) => report.seq)).toContain(seq);
  expect(
    reports.map((report) => report.seq),
    "the first caught message",
  ).not.toContain(seq + 1);
  for (const each of [one, other]) await until("its author", () => each.isAnywhereShadowed("spammer 1"));
  expect(other.isAnywhereShadowed(visitor)).toBe(false);

  // The other replica makes space before it has read that this one did.
  for (let index = mostReports + 1; index <= mostReports + 12; index += 1)
    await (index % 4 === 0 ? other : one).reports.addCaught(
      `spammer ${index}`,
      { room: "lobby", seq: seq + index },
      ["word"],
    );
  for (const each of [one, other])
    await until("every author", () =>
      Array.from({ length: mostReports + 12 }, (_, index) => `spammer ${index + 1}`).every((author) =>
        each.isAnywhereShadowed(author),
      ),
    );
});

test("[O-7] a retry that would now be withheld is not reported when its message is already shown to all", async () => {
  const { owner, broker, replica, claimed } = trial("memory");
  const moderation = await claimed(await replica());
  await enter(broker, "lobby", "author", "author-1");
  const shown = draft("a word of the list, before it was listed");
  const { seq } = await broker.feed.publish("lobby", "author-1", shown);
  const retry = await broker.feed.publish("lobby", "author-1", { ...shown, isWithheld: true });
  expect(retry.seq).toBe(seq);
  await moderation.reports.addCaught("author", { room: "lobby", seq }, ["word"]);
  const withheld = { ...draft("the same"), isWithheld: true };
  const { seq: caught } = await broker.feed.publish("lobby", "author-1", withheld);
  await moderation.reports.addCaught("author", { room: "lobby", seq: caught }, ["word"]);
  const { reports } = await moderation.reports.list(owner, undefined, 10);
  expect(reports.map((report) => report.seq)).toEqual([caught]);
});

test("[O-6] page by page the list has each report once, even those of one moment", async () => {
  const { owner, broker, replica, claimed } = trial("memory");
  const one = await claimed(await replica());
  await enter(broker, "lobby", "author", "author-1");
  const seqs: number[] = [];
  for (let index = 0; index < 30; index += 1)
    seqs.push((await broker.feed.publish("lobby", "author-1", draft("a slur"))).seq);
  await Promise.all(seqs.map((seq) => one.reports.add("reader", { room: "lobby", seq })));
  const listed: number[] = [];
  for (let before: number | undefined, isMore = true; isMore; ) {
    const { reports, more } = await one.reports.list(owner, before, 1);
    listed.push(...reports.map(({ seq }) => seq));
    [before, isMore] = [reports.at(-1)?.at, more];
  }
  expect(listed.sort((a, b) => a - b)).toEqual(seqs);
});

test("[O-6] [O-7] when visitors' open reports fill the list, caught messages are only counted", async () => {
  const { owner, broker, replica, claimed } = trial("memory", mostReports + 10);
  const clock = new HandClock();
  const [one, other] = [await claimed(await replica({ clock })), await replica()];
  await enter(broker, "lobby", "author", "author-1");
  for (let index = 1; index <= mostReports; index += 1) {
    const { seq } = await broker.feed.publish("lobby", "author-1", draft("a slur"));
    await one.reports.add(`reader ${index}`, { room: "lobby", seq });
  }
  const before = await one.reports.list(owner, undefined, mostReports + 1);
  expect(before.unlisted).toBeUndefined();
  const caught = (spammer: string, seq: number) =>
    one.reports.addCaught(spammer, { room: "lobby", seq }, ["word"]);
  await caught("spammer 1", 9_001);
  await caught("spammer 2", 9_002);
  const list = (moderation: Moderation) => moderation.reports.list(owner, undefined, mostReports + 1);
  const { unlisted, ...listed } = await list(one);
  expect(listed).toEqual(before);
  expect(unlisted).toEqual({ count: 2, at: expect.any(Number) });
  for (const each of [one, other])
    for (const author of ["spammer 1", "spammer 2"])
      await until("its author", () => each.isAnywhereShadowed(author));
  const settled = before.reports.at(-1);
  if (settled !== undefined) await one.reports.settle(owner, settled);
  await caught("spammer 3", 9_003);
  expect((await list(one)).reports.map(({ seq }) => seq)).toContain(9_003);
  expect((await list(one)).unlisted?.count, "there was space for the third one").toBe(2);
  clock.skip(dayMs);
  expect((await list(one)).unlisted, "a day after the last").toBeUndefined();
});

test("[O-4] a replica that cannot read the sanctions says so, and does not act on old ones", async () => {
  const { owner, visitor, replica, claimed, openRecords } = trial("memory");
  const records = await openRecords();
  const clock = new HandClock();
  const moderation = await claimed(await replica({ clock, records }));
  expect(moderation.isFresh).toBe(true);
  clock.skip(1_500);
  expect(moderation.isFresh).toBe(false);
  const other = await replica({ records });
  await other.sanctions.set(owner, { visitor, kind: "mute" });
  await moderation.refresh();
  expect(() => moderation.checkMute({ visitor: { id: visitor }, network: home })).toThrow();
});

test("[O-4] a ban takes the visitor out of all its rooms", async () => {
  const { owner, visitor, replica, claimed, broker, openRecords } = trial("memory");
  const records = await openRecords();
  const moderation = await claimed(await replica({ records }));
  const visited = new VisitedRooms(records);
  for (const room of ["lobby", "tea"]) {
    if (room !== "lobby") await broker.rooms.create({ id: room, title: room, kind: "public" });
    await enter(broker, room, visitor, `${room}-1`);
    await visited.visited(visitor, room);
  }
  await moderation.sanctions.set(owner, { visitor, kind: "ban" });
  const summaries = await broker.rooms.summaries(["lobby", "tea"]);
  expect(summaries.map((summary) => summary?.memberCount)).toEqual([0, 0]);
});

/** Records whose reads hang while the store is away. */
class AwayRecords extends MemoryRecords {
  isAway = false;
  readonly timeOuts: (() => void)[] = [];

  protected override answerAll(questions: Parameters<MemoryRecords["answerAll"]>[0]) {
    if (!this.isAway) return super.answerAll(questions);
    return new Promise<never>((_, reject) => this.timeOuts.push(() => reject(new Error("timed out"))));
  }
}

test("[O-4] after an outage a command waits for a new read of the sanctions, not for one that began during the outage", async () => {
  const { replica } = trial("memory");
  const [records, clock] = [new AwayRecords(systemClock), new HandClock()];
  const moderation = await replica({ clock, records });
  records.isAway = true;
  clock.skip(1_500);
  clock.tick(readEveryMs);
  expect(records.timeOuts).toHaveLength(1);
  records.isAway = false;
  const refreshed = moderation.refresh();
  for (const timeOut of records.timeOuts) timeOut();
  await refreshed;
  expect(moderation.isFresh).toBe(true);
});
