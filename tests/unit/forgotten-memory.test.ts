import { LRUCache } from "lru-cache";
import pino from "pino";
import { AccountStore } from "../../server/accounts/account-store";
import type { Accounts } from "../../server/accounts/accounts";
import { Forgetting } from "../../server/accounts/forgetting";
import type { Sessions } from "../../server/accounts/sessions";
import { VisitedRooms } from "../../server/accounts/visited-rooms";
import { MemoryBroker } from "../../server/broker/memory/broker";
import { ConversationIndex } from "../../server/direct/conversation-index";
import { Conversations } from "../../server/direct/conversations";
import { MemoryOnlineVisitors } from "../../server/direct/memory/online-visitors";
import { SharedRooms } from "../../server/direct/shared-rooms";
import { RateLimit } from "../../server/limits/rate-limit";
import { WrittenMessages } from "../../server/limits/written-messages";
import { MemoryRecords } from "../../server/records/memory/records";
import { RoomIndex } from "../../server/rooms/room-index";
import { HandClock } from "../contract/hand-clock";
import { draft, enter, renameAs } from "../contract/observed-room";
import { expect, test } from "../support/plain-test";
import { until } from "../support/until";

const [ann, ben, cleo] = ["Zorblax-01234567", "ben-012345678901", "cleo-01234567890"] as const;
const quota = { open: 10, made: 5, windowMs: 3_600_000, confirmedAfterMs: 10_000 };

/** The paths of property names, without numbers, from this object to every text that contains the word. */
function pathsTo(word: string, root: object): string[] {
  const found = new Set<string>();
  const seen = new Set<object>();
  const look = (value: unknown, path: string): void => {
    if (typeof value === "string" && value.includes(word)) found.add(path);
    if (typeof value !== "object" || value === null || seen.has(value)) return;
    seen.add(value);
    const isMap = value instanceof Map || value instanceof LRUCache;
    if (isMap || value instanceof Set)
      for (const [key, item] of value.entries()) {
        look(key, `${path}.key`);
        look(item, isMap ? `${path}.value` : `${path}.key`);
      }
    else
      for (const [name, item] of Object.entries(value))
        look(item, Array.isArray(value) ? `${path}[]` : `${path}.${name}`);
  };
  look(root, "");
  return [...found].sort();
}

type Kept = { lasting: Map<string, unknown>; lapsing: Map<string, Map<string, unknown>> };

/** The records, grouped by the form of their keys: ids and other names in a key are ignored. */
function byKind(records: MemoryRecords): Record<string, Map<string, unknown>> {
  const { lasting, lapsing } = (records as unknown as { kept: Kept }).kept;
  const kinds: Record<string, Map<string, unknown>> = {};
  for (const [key, kept] of [...lasting, ...[...lapsing.values()].flatMap((family) => [...family])]) {
    const kind = key.replace(/\{[^@}]*\}/, "{}").replace(/(:code|:devices|:quota):.*/, "$1");
    kinds[kind] = (kinds[kind] ?? new Map()).set(key, kept);
  }
  return kinds;
}

test("[ID-5] the embedded stores forget a visitor: its id remains only where the docs say, and its words nowhere", async () => {
  const clock = new HandClock();
  const broker = new MemoryBroker({ historyLimit: 1_000, historyDays: 30 }, clock);
  const records = new MemoryRecords(clock);
  const roomIndex = new RoomIndex(records);
  const accounts = new AccountStore(records, { endKeptMs: 1e10 });
  const visitedRooms = new VisitedRooms(records);
  const conversationIndex = new ConversationIndex(records, { historyDays: 30 });
  const onlineVisitors = new MemoryOnlineVisitors();
  const written = new WrittenMessages(records);
  await written.add(ann, "tea 1", 86_400_000);
  const unlimited = new RateLimit(undefined);
  const conversations = new Conversations({
    broker,
    conversationIndex,
    onlineVisitors,
    visitedRooms,
    sharedRooms: new SharedRooms({ broker, visitedRooms }),
    openings: unlimited,
    readings: unlimited,
  });
  const forgetting = new Forgetting({
    broker,
    visitedRooms,
    roomIndex,
    conversationIndex,
    conversations,
    accounts: {
      forget: async (session: { visitor: string; generation: number }) => ({
        ...session,
        generation: await accounts.forget(session),
      }),
      canReturn: (visitor: string) => accounts.hasAccount(visitor),
    } as unknown as Accounts,
    sessions: { check: async () => undefined } as unknown as Sessions,
    written,
    clock,
    logger: pino({ level: "silent" }),
  });
  const stores = () => ({ broker, records: byKind(records) });

  for (const room of ["tea", "unentered"]) {
    await roomIndex.slots.reserve(ann, room, quota);
    await broker.rooms.create({ id: room, title: room, kind: "public", owner: ann });
  }
  for (const room of ["lobby", "tea"]) {
    await visitedRooms.visited(ann, room);
    await enter(broker, room, ann, `a-${room}`, "Zorblax One");
    await enter(broker, room, ben, `b-${room}`, "Heron");
    const { seq } = await broker.feed.publish(room, `a-${room}`, draft("a secret"));
    await broker.feed.publish(room, `b-${room}`, { ...draft("an answer"), replyTo: seq });
  }
  await renameAs(broker, "lobby", ann, "a-lobby", "Zorblax Two");
  const { room: withBen } = await conversations.open(ann, ben);
  await visitedRooms.visited(ann, withBen.id);
  await enter(broker, withBen.id, ann, "a-ben", "Zorblax Three");
  const said = await broker.feed.publish(withBen.id, "a-ben", draft("a secret between two"));
  await conversations.messageSent(withBen.id, ann, { at: said.at, isOwnRequest: true });
  // A conversation that it never entered: the partner has written to it.
  const { room: withCleo } = await conversations.open(cleo, ann);
  await enter(broker, withCleo.id, cleo, "c-ann", "Swan");
  const asked = await broker.feed.publish(withCleo.id, "c-ann", draft("are you there"));
  await conversations.messageSent(withCleo.id, cleo, { at: asked.at, isOwnRequest: true });
  await conversations.blocking.block(ann, cleo, true);
  await conversations.blocking.block(cleo, ann, true);
  await conversations.blocking.refuse(ann, true);
  const session = { visitor: ann, generation: 0 };
  await accounts.add(session, "zorblax", { handle: "Zorblax", password: "secret" });
  await accounts.codes.keep("digest", session, 600_000);

  expect(pathsTo("Zorblax", stores()).length, "the stores name it in many places").toBeGreaterThan(15);
  await forgetting.forget(session);
  clock.skip(61_000);
  clock.tick(5_000);
  await until("the second time", async () => (await visitedRooms.roomsOf(ann)).length === 0);

  expect(pathsTo("secret", stores())).toEqual([]);
  for (const name of ["Zorblax One", "Zorblax Two", "Zorblax Three", "zorblax"])
    expect(pathsTo(name, stores()), name).toEqual([]);
  expect(pathsTo(ann, stores())).toEqual([
    ".broker.rooms.rooms.value.entries.kept.loaded.entries[].by.id",
    ".broker.rooms.rooms.value.entries.kept.loaded.entries[].forgotten",
    ".broker.rooms.rooms.value.entries.kept.loaded.own.numbers.key",
    ".broker.rooms.rooms.value.entries.kept.loaded.receipts.key",
    ".broker.rooms.rooms.value.entries.kept.loaded.sources.value.author",
    ".broker.rooms.rooms.value.entries.kept.loaded.sources.value.receipt",
    // The requester of a conversation: without it the request would become a conversation.
    ".broker.rooms.rooms.value.origin.askedBy",
    // The two visitors of each conversation.
    ".broker.rooms.rooms.value.unread.numbers.key",
    ".records.directory:newcomers.value.entries.value",
    ".records.directory:{}:blocked.value.entries.key",
    ".records.directory:{}:blocked.value.entries.value",
    ".records.directory:{}:conversations.value.entries.key",
    ".records.directory:{}:requests.value.entries.key",
    ".records.{@accounts}:code.value.value",
    ".records.{@accounts}:ended.value.entries.key",
  ]);
  await broker.close();
});
