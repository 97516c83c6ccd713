import type { RoomId } from "../../protocol/events";
import { MemoryBroker } from "../../server/broker/memory/broker";
import { ChatError } from "../../server/errors";
import { systemClock } from "../../server/lib/clock";
import { Pace } from "../../server/lib/pace";
import { catchNotes, noteLine, noting } from "../../server/moderation/catch-notes";
import { finishEveryMs, notesPage, OwedReports } from "../../server/moderation/owed-reports";
import { MemoryRecords } from "../../server/records/memory/records";
import { HandClock } from "../contract/hand-clock";
import { draft, enter } from "../contract/observed-room";
import { expect, test } from "../support/plain-test";

/** A room of 1,000 messages, a store of notes, and a replica that looks for them when `look` says so. */
async function openRoom() {
  const records = new MemoryRecords(systemClock);
  const broker = new MemoryBroker({ historyLimit: 2_000, historyDays: 30 }, systemClock);
  await enter(broker, "lobby", "otter", "one");
  const publish = (isWithheld: boolean, clientMessageId: string) =>
    broker.feed.publish("lobby", "one", { ...draft("a slur"), clientMessageId, isWithheld });
  const reads: RoomId[] = [];
  const reported: number[] = [];
  let whileReading = async (_: RoomId) => {};
  const feed: Pick<typeof broker.feed, "read"> = {
    async read(room, range) {
      reads.push(room);
      await whileReading(room);
      return broker.feed.read(room, range);
    },
  };
  const clock = new HandClock();
  const owed = new OwedReports(
    {
      ...{ records, broker: { feed }, clock },
      reports: { addCaught: async (_, { seq }) => void reported.push(seq) },
      logger: { debug: () => undefined } as never,
    },
    new Pace(1),
  );
  clock.skip(finishEveryMs + 1_000);
  return {
    ...{ publish, reads, reported, owed },
    note: (id: string, room: RoomId = "lobby") =>
      records.write(noting(noteLine({ room, author: "otter", id, signs: ["word"] }))),
    look: () => clock.tick(finishEveryMs),
    notes: async () => (await records.read(catchNotes.length()))[0],
    pauseReading(pause: (room: RoomId) => Promise<void>) {
      whileReading = pause;
    },
  };
}

test("[O-7] one walk through a room finds all that is owed there, also over pages, and tries of one message", async () => {
  const { publish, note, look, notes, reads, reported } = await openRoom();
  const expected: number[] = [];
  for (let number = 0; number < 1_000; number += 1) {
    const isWithheld = number % 20 === 0;
    const id = `message-${number}`;
    if (isWithheld) await note(id);
    const { seq } = await publish(isWithheld, id);
    if (isWithheld) expected.push(seq);
  }
  await note("message-0");
  for (let number = 0; number < notesPage; number += 1) await note(`refused-${number}`);
  look();
  await expect.poll(notes).toBe(0);
  expect(new Set(reported)).toEqual(new Set(expected));
  // Five pages of history, the joins before them, and the end; for each page of notes.
  expect(reads.length).toBeLessThanOrEqual(14);
});

test("[O-7] owed reports are looked for once at a time", async () => {
  const { publish, note, look, notes, reads, pauseReading } = await openRoom();
  await note("message-1");
  await publish(true, "message-1");
  let goOn = () => {};
  const paused = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  pauseReading(() => paused);
  for (let time = 0; time < 3; time += 1) look();
  await expect.poll(() => reads.length).toBe(1);
  goOn();
  await expect.poll(notes).toBe(0);
  await note("message-2");
  await publish(true, "message-2");
  look();
  await expect.poll(notes).toBe(0);
  expect(reads.length).toBe(2);
});

test("[O-7] the notes of a room that cannot be read stay, and keep no other waiting", async () => {
  const { publish, note, look, notes, reported, pauseReading } = await openRoom();
  for (let number = 0; number < notesPage; number += 1) await note(`message-${number}`, "broken");
  await note("message-1");
  const { seq } = await publish(true, "message-1");
  pauseReading(async (room) => {
    if (room === "broken") throw new ChatError("internal");
  });
  look();
  await expect.poll(notes).toBe(notesPage);
  expect(reported).toEqual([seq]);
});
