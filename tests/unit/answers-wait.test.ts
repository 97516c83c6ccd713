import { MemoryBroker } from "../../server/broker/memory/broker";
import { type Journal, noJournal } from "../../server/journal/journal";
import { ByteCount } from "../../server/lib/byte-count";
import { systemClock } from "../../server/lib/clock";
import { expect, test } from "../support/plain-test";
import { settle } from "./fake-environment";

/** A journal that keeps its rows only when the test says so. */
class SlowJournal implements Journal {
  readonly isLasting = true;
  readonly mayLackChanges = false;
  isSlow = false;
  private readonly waiting: (() => void)[] = [];
  isReachable = noJournal.isReachable;
  onReachable = noJournal.onReachable;
  put = noJournal.put;
  erase = noJournal.erase;
  remove = noJournal.remove;
  drop = noJournal.drop;
  takeRows = noJournal.takeRows;
  readable = noJournal.readable;
  read = noJournal.read;
  lost = noJournal.lost;

  kept(): Promise<void> | undefined {
    return this.isSlow ? new Promise((resolve) => this.waiting.push(resolve)) : undefined;
  }

  whenKept(run: () => void): void {
    if (this.isSlow) this.waiting.push(run);
    else run();
  }

  keep(): void {
    this.isSlow = false;
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

const claim = (name: string) => ({ name, skeleton: name });
const draft = (text: string, isWithheld = false) => ({ text, clientMessageId: `id-${text}`, isWithheld });
const note = "direct-of-a-and-b";

async function opened() {
  const journal = new SlowJournal();
  const limits = { historyLimit: 100, historyDays: 1 };
  const broker = new MemoryBroker(limits, systemClock, new ByteCount(), journal);
  const { feed, membership, rooms } = broker;
  for (const id of ["tea", "den"]) await rooms.create({ id, title: id, kind: "public", owner: "a" });
  const enter = (visitor: string, room = "tea") =>
    membership.enter({ room, visitor, connection: `${visitor}-1`, names: [claim(visitor)] });
  for (const visitor of ["a", "b", "c"]) await enter(visitor);
  await enter("a", "den");
  await feed.publish("tea", "a-1", draft("one"));
  await feed.publish("tea", "b-1", draft("two"));
  await feed.publish("tea", "b-1", draft("hidden", true));
  const said = (await feed.read("tea", { limit: 9 })).entries.filter(({ kind }) => kind === "message");
  return { broker, journal, enter, seqs: said.map(({ seq }) => seq) as [number, number, number] };
}

type Opened = Awaited<ReturnType<typeof opened>>;
const steps: Record<string, (world: Opened) => Promise<unknown>> = {
  create: ({ broker }) => broker.rooms.create({ id: note, title: "", kind: "direct" }),
  close: ({ broker }) => broker.rooms.close("den", "a-1"),
  end: ({ broker }) => broker.rooms.end("tea", { id: "x", name: "x" }),
  retitle: ({ broker }) => broker.rooms.retitle("tea", "Coffee"),
  forget: ({ broker }) => broker.rooms.forget("tea", "b"),
  summaries: ({ broker }) => broker.rooms.summaries(["tea"]),
  ownViews: ({ broker }) => broker.rooms.ownViews(["tea"], "b"),
  namesIn: ({ broker }) => broker.rooms.namesIn([{ room: "tea", visitor: "a" }]),
  enter: ({ enter }) => enter("d"),
  rename: ({ broker }) =>
    broker.membership.rename({ room: "tea", visitor: "a", connection: "a-1", names: [claim("other")] }),
  leave: ({ broker }) => broker.membership.leave("tea", "c-1"),
  expel: ({ broker }) => broker.membership.expel("tea", "c"),
  list: ({ broker }) => broker.membership.list("tea"),
  publish: ({ broker }) => broker.feed.publish("tea", "a-1", draft("three")),
  "publish again": ({ broker }) => broker.feed.publish("tea", "a-1", draft("one")),
  publishWithheld: ({ broker, seqs }) => broker.feed.publishWithheld("tea", seqs[2]),
  remove: ({ broker, seqs }) => broker.feed.remove("tea", "a-1", seqs[0]),
  removeAny: ({ broker, seqs }) => broker.feed.removeAny("tea", seqs[1]),
  removeAllOf: ({ broker }) => broker.feed.removeAllOf("tea", "b"),
  read: ({ broker }) => broker.feed.read("tea", { limit: 9 }),
};

for (const [name, step] of Object.entries(steps))
  test(`[C-3] no answer comes before its change is kept: ${name}`, async () => {
    const world = await opened();
    let isAnswered = false;
    world.journal.isSlow = true;
    const answer = step(world).then(() => {
      isAnswered = true;
    });
    await settle();
    expect(isAnswered).toBe(false);
    world.journal.keep();
    await answer;
    await world.broker.close();
  });
