import { cpSync } from "node:fs";
import path from "node:path";
import { ClassicLevel } from "classic-level";
import { directRoomOf } from "../../server/broker/direct-rooms";
import { MemoryBroker } from "../../server/broker/memory/broker";
import { ByteCount } from "../../server/lib/byte-count";
import { systemClock } from "../../server/lib/clock";
import { counterAt, listAt, logAt, mapAt, setAt, valueAt } from "../../server/records/kinds";
import { Random } from "../chaos/random";
import { EmbeddedStore } from "../support/embedded-store";
import { expect, test } from "../support/fixtures";
import { closeJournals, openJournal } from "../support/journals";
import { makeFolder } from "../support/temporary-folder";
import { HandClock } from "./hand-clock";
import { draft, enter, named, ObservedRoom, renameAs } from "./observed-room";

test.afterEach(closeJournals);

const pageOf = (broker: MemoryBroker, room: string) => broker.feed.read(room, { limit: 1_000 });

test("[C-2] [F-1] a killed process has kept everything it acknowledged: numbers, epoch, receipts and removals", async () => {
  const store = await EmbeddedStore.open();
  const { broker } = store;
  await broker.rooms.create({ id: "tea", title: "Tea", kind: "public", owner: "o" });
  for (const visitor of ["o", "a", "b"]) await enter(broker, "tea", visitor, `${visitor}1`);
  const said = draft("said");
  const receipt = await broker.feed.publish("tea", "a1", said);
  const secret = draft("a secret");
  const removed = await broker.feed.publish("tea", "a1", secret);
  await broker.feed.publish("tea", "b1", draft("an answer"));
  await broker.feed.remove("tea", "o1", removed.seq);
  await renameAs(broker, "tea", "b", "b1", "Crane");
  const before = await pageOf(broker, "tea");
  const [summary] = await broker.rooms.summaries(["tea"]);

  const { broker: next } = await store.afterKill();
  expect((await next.rooms.summaries(["tea"]))[0]).toEqual(summary);
  expect(await pageOf(next, "tea")).toEqual(before);
  expect(JSON.stringify(before)).not.toContain("a secret");
  for (const visitor of ["o", "a", "b"]) await enter(next, "tea", visitor, `${visitor}2`);
  expect(await next.feed.publish("tea", "a2", said), "a repeat gets its receipt").toEqual(receipt);
  expect((await next.feed.publish("tea", "a2", secret)).seq).toBe(removed.seq);
  expect((await next.feed.publish("tea", "a2", draft("more"))).seq).toBe(before.head + 1);
  await next.feed.remove("tea", "a2", removed.seq);
  expect((await pageOf(next, "tea")).head, "the message was already removed").toBe(before.head + 1);
});

test("[F-0] after the machine has crashed the rooms begin new epochs, because entries that clients have may be lost", async () => {
  const store = await EmbeddedStore.open({ boot: "one" });
  await enter(store.broker, "lobby", "a", "a1", "Otter");
  await store.broker.feed.publish("lobby", "a1", draft("said"));
  const { epoch, head, entries } = await pageOf(store.broker, "lobby");
  const killed = await store.afterKill({ boot: "one" });
  expect((await pageOf(killed.broker, "lobby")).epoch, "a killed process loses nothing").toBe(epoch);
  const cut = await killed.afterKill({ boot: "two" });
  const page = await pageOf(cut.broker, "lobby");
  expect(page).toMatchObject({ head, entries });
  expect(page.epoch).not.toBe(epoch);
  await cut.broker.close();
  await closeJournals();
  const next = await EmbeddedStore.open({ boot: "three" }, cut.folder);
  expect((await pageOf(next.broker, "lobby")).epoch, "the process closed normally").toBe(page.epoch);
});

test("[F-0] the mark of a power loss stays until the rooms have begun new epochs", async () => {
  const store = await EmbeddedStore.open({ boot: "one" });
  await enter(store.broker, "lobby", "a", "a1", "Otter");
  const { epoch } = await pageOf(store.broker, "lobby");
  const { folder } = await store.afterKill({ boot: "one" });
  const copies = [await makeFolder("cut"), await makeFolder("cut")] as const;
  for (const copy of copies) cpSync(folder, copy, { recursive: true });
  const [cut, killed] = copies;

  const journal = await openJournal(cut, { boot: "two" });
  cpSync(cut, killed, { recursive: true, force: true });
  await journal.close();
  for (const copy of copies) {
    const next = await EmbeddedStore.open({ boot: "two" }, copy);
    const page = await pageOf(next.broker, "lobby");
    expect(page.epoch, "the next process begins a new epoch").not.toBe(epoch);
    const last = await next.afterKill({ boot: "two" });
    expect((await pageOf(last.broker, "lobby")).epoch, "once").toBe(page.epoch);
  }
});

for (const { last, next, begins } of [
  { last: false, next: true, begins: true },
  { last: true, next: false, begins: false },
])
  test(`[F-0] whether a power loss can lose entries depends on the process that wrote them: flushed always ${last}, then ${next}`, async () => {
    const store = await EmbeddedStore.open({ boot: "one", isFlushedAlways: last });
    await enter(store.broker, "lobby", "a", "a1", "Otter");
    const { epoch } = await pageOf(store.broker, "lobby");
    const cut = await store.afterKill({ boot: "two", isFlushedAlways: next });
    expect((await pageOf(cut.broker, "lobby")).epoch !== epoch).toBe(begins);
  });

test("[F-0] a folder that an earlier release has left open shows a power loss, too", async () => {
  const { broker, folder } = await EmbeddedStore.open({ boot: "one" });
  await enter(broker, "lobby", "a", "a1", "Otter");
  const { epoch } = await pageOf(broker, "lobby");
  for (const { boot, isSame } of [
    { boot: "one", isSame: true },
    { boot: "two", isSame: false },
  ]) {
    await closeJournals();
    const file = new ClassicLevel(path.join(folder, "store"));
    await file.put("!boot", "one");
    await file.close();
    const next = await EmbeddedStore.open({ boot }, folder);
    expect((await pageOf(next.broker, "lobby")).epoch === epoch, boot).toBe(isSame);
  }
});

test("[N-3] after a restart each absent member leaves once after the grace; a member that is back before causes no entry", async () => {
  const store = await EmbeddedStore.open({ lostMs: 500 });
  await enter(store.broker, "lobby", "a", "a1", "Otter");
  await enter(store.broker, "lobby", "b", "b1", "Heron");
  const { head } = await pageOf(store.broker, "lobby");
  const next = await store.afterKill();
  const { observed } = await ObservedRoom.follow(next.broker, "lobby");
  const back = await enter(next.broker, "lobby", "a", "a2", "Swan");
  expect(back).toMatchObject({ self: { id: "a", name: "Otter" }, memberCount: 2, head: { seq: head } });
  const leave = await observed.first(({ kind }) => kind === "leave");
  expect(leave).toMatchObject({ seq: head + 1, by: { id: "b", name: "Heron" } });
  const last = await next.afterKill({ lostMs: 60_000 });
  expect(await enter(last.broker, "lobby", "a", "a3")).toMatchObject({ memberCount: 1 });
  expect((await pageOf(last.broker, "lobby")).head).toBe(head + 1);
});

test("[F-4] the next process writes the crowd notice for joins and leaves that the killed one had only counted", async () => {
  // The first process has no time to write the notice itself.
  const now = Date.now();
  const clock = { ...systemClock, now: () => now, after: () => () => undefined };
  const store = await EmbeddedStore.open({ lostMs: 60_000, clock });
  const crowd = Array.from({ length: 70 }, (_, number) => `v${number}`);
  await Promise.all(crowd.map((visitor) => enter(store.broker, "lobby", visitor, `${visitor}-1`)));
  await store.broker.membership.leave("lobby", "v65-1");
  const told = (await pageOf(store.broker, "lobby")).head;
  const next = await store.afterKill({ lostMs: 60_000 });
  const { observed } = await ObservedRoom.follow(next.broker, "lobby");
  const visits = await observed.first(({ kind }) => kind === "visits");
  expect(visits).toMatchObject({ joined: 70 - told, left: 1, gone: ["v65"], memberCount: 69 });
});

test("[ID-3] kept and held names, unread numbers and requests survive the process", async () => {
  const store = await EmbeddedStore.open();
  const { broker } = store;
  const [ann, ben] = ["ann-012345678901", "ben-012345678901"];
  const room = directRoomOf(ann, ben);
  await broker.rooms.create({ id: room, title: "", kind: "direct", askedBy: ann });
  await enter(broker, room, ann, "a1", "Otter");
  await broker.feed.publish(room, "a1", draft("hello"));
  await enter(broker, "lobby", ann, "a2", "Otter");
  await broker.feed.publish("lobby", "a2", draft("hi"));
  await broker.membership.leave("lobby", "a2");
  const { broker: next } = await store.afterKill();
  expect(await next.unread.count([room], ben)).toEqual([1]);
  await enter(next, room, ann, "a3");
  await expect(next.feed.publish(room, "a3", draft("again"))).rejects.toMatchObject({ code: "forbidden" });
  const wanted = { room: "lobby", connection: "c1", visitor: "cleo", names: [named("Swan")] };
  await expect(
    next.membership.enter({ ...wanted, wanted: named("Otter") }),
    "held for the visitor that spoke under it",
  ).rejects.toMatchObject({ code: "name_taken" });
  expect((await enter(next, "lobby", ann, "a4", "Heron")).self.name).toBe("Otter");
});

test("[C-8] a closed room and an idle one expire by real time, even while no process runs, with their rows", async () => {
  const clock = new HandClock();
  const store = await EmbeddedStore.open({ clock });
  await store.broker.rooms.create({ id: "tea", title: "Tea", kind: "public", owner: "a" });
  await enter(store.broker, "tea", "a", "a1");
  await store.broker.feed.publish("tea", "a1", draft("said"));
  await store.broker.rooms.close("tea", "a1");
  const next = await store.afterKill({ clock });
  expect((await next.broker.rooms.summaries(["tea"]))[0]?.closed).toBe(true);
  clock.skip(3_700_000);
  clock.tick(60_000);
  expect(await next.broker.rooms.summaries(["tea"])).toEqual([undefined]);
  const last = await next.afterKill({ clock });
  expect(await last.broker.rooms.summaries(["tea"])).toEqual([undefined]);
  expect(last.bytes.used, "its bytes no longer count").toBe(0);
});

test("records of every kind survive the process, with the rest of their lifetimes", async () => {
  const clock = new HandClock();
  const store = await EmbeddedStore.open({ clock });
  const [value, counter, map] = [valueAt("{t}:value"), counterAt("{t}:count"), mapAt("{t}:map")];
  const [set, list, log] = [setAt("{t}:set"), listAt("{t}:list"), logAt("{t}:log")];
  const kept = { most: 100, ms: 600_000 };
  await store.records.write([value.put("x", 60_000), counter.increment(), map.setField("a\n한", "1")]);
  await store.records.write([set.add("a"), set.keep(120_000), list.score(["low", -1.5], ["high", 2])]);
  for (let number = 0; number < 12; number += 1) await store.records.write([log.append(`${number}`, kept)]);
  await store.records.write([map.setField("gone", "1"), set.add("gone")]);
  await store.records.write([map.removeField("gone"), set.drop("gone"), counter.increment()]);
  const ask = ({ records }: EmbeddedStore) =>
    records.read(
      value.value(),
      counter.count(),
      map.fields(),
      set.members(),
      list.listed({ order: "lowest" }),
    );
  const before = await ask(store);
  const [position] = await store.records.read(log.lastPosition());
  clock.skip(59_000);
  const next = await store.afterKill({ clock });
  expect(await ask(next)).toEqual(before);
  expect(next.bytes.used).toBe(store.bytes.used);
  await next.records.write([log.append("next", kept)]);
  expect((await next.records.read(log.since(position)))[0].map(([, text]) => text)).toEqual(["next"]);
  expect((await next.records.read(log.since("0")))[0].map(([, text]) => text)).toHaveLength(13);
  clock.skip(2_000);
  expect(await next.records.read(value.value(), set.members())).toEqual([undefined, ["a"]]);
  clock.skip(120_000);
  expect(await next.records.read(set.members())).toEqual([[]]);
});

/** The moments are turns of the event loop after a compaction has begun; a long one ends while it runs. */
for (const turns of [0, 1, 10, 100, 400])
  test(`[C-2] [F-1] a process that is killed ${turns} turns after a compaction has begun has lost nothing`, async () => {
    const store = await EmbeddedStore.open();
    await enter(store.broker, "lobby", "a", "a1", "Otter");
    const texts = Array.from({ length: 300 }, (_, number) => draft(`${number} ${"x".repeat(number % 90)}`));
    await Promise.all(texts.map((text) => store.broker.feed.publish("lobby", "a1", text)));
    for (let seq = 2; seq < 200; seq += 3) await store.broker.feed.removeAny("lobby", seq);
    const before = await pageOf(store.broker, "lobby");
    const compacting = store.compact();
    for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    const next = await store.afterKill();
    // LevelDB's new log may still be empty, which looks like a power loss: the rooms begin new epochs then.
    expect({ ...(await pageOf(next.broker, "lobby")), epoch: "" }).toEqual({ ...before, epoch: "" });
    await compacting;
  });

for (const seed of [1, 2, 3])
  test(`[F-1] after any steps and kills the room is the same as in a process that was never killed (seed ${seed})`, async () => {
    const random = new Random(seed);
    const limits = { historyLimit: 8, historyDays: 30, graces: { closedMs: 60_000, lostMs: 60_000 } };
    const twin = new MemoryBroker(limits, systemClock, new ByteCount());
    let store = await EmbeddedStore.open({ historyLimit: 8, lostMs: 60_000 });
    const visitors = ["a", "b", "c"];
    let life = 0;
    type Act = (broker: MemoryBroker, connection: (visitor: string) => string) => Promise<unknown>;
    const both = async (act: Act) => {
      for (const broker of [twin, store.broker])
        await act(broker, (visitor) => `${visitor}-${life}`).catch((error) =>
          expect(error).toMatchObject({ name: "ChatError" }),
        );
    };
    const everyoneIn = () =>
      visitors.map((visitor) => both((broker, at) => enter(broker, "tea", visitor, at(visitor))));
    await both((broker) => broker.rooms.create({ id: "tea", title: "Tea", kind: "public", owner: "a" }));
    await Promise.all(everyoneIn());
    const plain = (page: Awaited<ReturnType<typeof pageOf>>) => ({
      ...page,
      epoch: "",
      entries: page.entries.map((entry) => ({ ...entry, at: 0 })),
    });
    for (let turn = 0; turn < 120; turn += 1) {
      const who = visitors[random.between(0, 2)] ?? "a";
      const message = draft(`turn ${turn} ${"x".repeat(random.between(0, 200))}`);
      const removed = (await pageOf(twin, "tea")).head - random.between(0, 6);
      const steps: (() => Promise<unknown>)[] = [
        () => both((broker, at) => broker.feed.publish("tea", at(who), message)),
        () => both((broker, at) => broker.feed.publish("tea", at(who), message)),
        () => both((broker, at) => broker.feed.publish("tea", at(who), { ...message, isWithheld: true })),
        () => both((broker) => (turn % 3 === 0 ? broker.feed.removeAllOf("tea", who) : Promise.resolve())),
        () => both((broker, at) => broker.feed.remove("tea", at("a"), removed)),
        () => both((broker, at) => renameAs(broker, "tea", who, at(who), `${who}${turn % 7}`)),
        () => both((broker, at) => broker.membership.leave("tea", at(who))),
        () => both((broker, at) => enter(broker, "tea", who, at(who))),
        () => both((broker) => (turn % 5 === 0 ? broker.rooms.forget("tea", who) : Promise.resolve())),
        async () => {
          store = await store.afterKill();
          const there = visitors.filter((visitor) => twin.rooms.find("tea")?.members.of(visitor));
          life += 1;
          for (const visitor of there) {
            await both((broker, at) => enter(broker, "tea", visitor, at(visitor)));
            await twin.membership.leave("tea", `${visitor}-${life - 1}`);
          }
        },
      ];
      await steps[random.between(0, steps.length - 1)]?.();
      expect(plain(await pageOf(store.broker, "tea")), `turn ${turn}`).toEqual(
        plain(await pageOf(twin, "tea")),
      );
    }
    const summary = async (broker: MemoryBroker) => ({
      ...(await broker.rooms.summaries(["tea"]))[0],
      head: 0,
      createdAt: 0,
      lastEntryAt: 0,
      repliedAt: 0,
      lastMessage: 0,
    });
    expect(await summary(store.broker)).toEqual(await summary(twin));
    const viewed = async (broker: MemoryBroker) =>
      (await Promise.all(visitors.map((visitor) => broker.rooms.ownViews(["tea"], visitor)))).map(
        ([view]) => view?.lastMessage?.seq,
      );
    expect(await viewed(store.broker)).toEqual(await viewed(twin));
    await twin.close();
  });
