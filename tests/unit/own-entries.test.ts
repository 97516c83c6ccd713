import type { MessageEntry } from "../../protocol/events";
import { heldNameEntries } from "../../server/broker/membership";
import { MemoryEntries } from "../../server/broker/memory/entries";
import { RoomRows } from "../../server/broker/memory/room-rows";
import { newFeed } from "../../server/broker/memory/saved-feed";
import { ByteCount } from "../../server/lib/byte-count";
import { MapJournal } from "../support/map-journal";
import { expect, test } from "../support/plain-test";

/** A room's entries, with a count of how often an entry's author was read. */
class Watched {
  looks = 0;
  private written = 0;

  constructor(
    private readonly historyLimit = 10_000,
    private readonly journal = new MapJournal(),
    saved = newFeed("epoch", 1),
    readonly entries = new MemoryEntries(
      saved,
      { historyLimit, bytes: new ByteCount(), now: () => 1 },
      new RoomRows(journal, 1, () => ""),
    ),
  ) {}

  say(visitor: string, name: string): number {
    const look = (found: string) => {
      this.looks += 1;
      return found;
    };
    const by = Object.defineProperties({} as MessageEntry["by"], {
      id: { enumerable: true, get: () => look(visitor) },
      name: { enumerable: true, get: () => look(name) },
    });
    this.written += 1;
    const clientMessageId = `draft-${this.written}`;
    return this.entries.append<MessageEntry>({ kind: "message", by, text: "said", clientMessageId }).seq;
  }

  sayOften(times: number, visitor: string, name: string): void {
    for (let time = 0; time < times; time += 1) this.say(visitor, name);
  }

  next(): Watched {
    return new Watched(this.historyLimit, this.journal.next(), this.entries.saved);
  }
}

test("[ID-3c] finding out whether a visitor has spoken under a name reads only its own last entries, however long the history", () => {
  const room = new Watched();
  room.sayOften(30, "ann", "Crane");
  room.sayOften(1_000, "ben", "Heron");
  room.looks = 0;
  expect(room.entries.hasSpokenAs("cat", "Swan"), "silent").toBe(false);
  expect(room.looks).toBe(0);
  expect(room.entries.hasSpokenAs("ann", "Otter"), "under another name").toBe(false);
  expect(room.looks).toBeLessThanOrEqual(heldNameEntries);
  expect(room.entries.hasSpokenAs("ann", "Crane")).toBe(true);
});

test("[ID-3c] a removed message does not hold a name, but counts among the last entries", () => {
  const room = new Watched();
  room.say("ann", "Otter");
  const removed = room.say("ann", "Crane");
  room.entries.removals.remove(removed);
  expect(room.entries.hasSpokenAs("ann", "Crane")).toBe(false);
  room.sayOften(heldNameEntries - 2, "ann", "Swan");
  expect(room.entries.hasSpokenAs("ann", "Otter"), "the last of them").toBe(true);
  room.say("ann", "Swan");
  expect(room.entries.hasSpokenAs("ann", "Otter")).toBe(false);
});

test("[ID-3c] a message holds a name until it gives way to newer ones, even in the next process", () => {
  const room = new Watched(5);
  room.say("ann", "Otter");
  const removed = room.say("ann", "Crane");
  room.sayOften(3, "ben", "Heron");
  room.entries.removals.remove(removed);
  const next = room.next();
  for (const { entries } of [room, next]) expect(entries.hasSpokenAs("ann", "Otter")).toBe(true);
  for (const process of [room, next]) {
    process.say("ben", "Heron");
    expect(process.entries.hasSpokenAs("ann", "Otter")).toBe(false);
    process.sayOften(10, "ben", "Heron");
    process.say("ann", "Otter");
    expect(process.entries.hasSpokenAs("ann", "Otter")).toBe(true);
  }
});

test("[ID-3c] [ID-5] a forgotten visitor has spoken under no name", () => {
  const room = new Watched();
  room.say("ann", "Otter");
  room.entries.removals.forget("ann");
  for (const { entries } of [room, room.next()]) expect(entries.hasSpokenAs("ann", "Otter")).toBe(false);
});
