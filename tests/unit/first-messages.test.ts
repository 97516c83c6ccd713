import type { RoomId } from "../../protocol/events";
import type { WebhookEvent } from "../../server/webhook/events";
import { FirstMessages, lookEveryMs } from "../../server/webhook/first-messages";
import { expect, test } from "../support/plain-test";
import { FakeClock } from "./fake-clock";

/** A promise that is kept when the test says so. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

function openReplica() {
  const clock = new FakeClock();
  const asked: RoomId[][] = [];
  const told: WebhookEvent[] = [];
  const [store, queue] = [gate(), gate()];
  const firstMessages = new FirstMessages({
    clock,
    broker: {
      rooms: {
        async summaries(rooms: readonly RoomId[]) {
          asked.push([...rooms]);
          await store.opened;
          return rooms.map(() => ({ memberCount: 1 }));
        },
      } as never,
    },
    webhook: {
      async add(event) {
        told.push(event);
        await queue.opened;
      },
    },
    logger: { debug: () => undefined } as never,
  });
  const say = (room: RoomId, seq = 1) =>
    firstMessages.delivered(room, [
      { seq, at: seq, kind: "message", by: { id: "otter", name: "Otter" }, clientMessageId: "m", text: "hi" },
    ]);
  return { say, asked, told, store, queue, look: () => clock.advance(lookEveryMs) };
}

test("[O-14] while the store is slow, rooms are looked at once at a time, and what is said meanwhile waits", async () => {
  const { say, asked, told, store, queue, look } = openReplica();
  queue.open();
  for (let second = 1; second <= 5; second += 1) {
    say("tea", second);
    say(`room-${second}`);
    look();
  }
  expect(asked).toEqual([["tea", "room-1"]]);
  store.open();
  await expect.poll(() => told.length).toBe(2);
  look();
  await expect.poll(() => told.length).toBe(2 + 5);
  expect(asked).toHaveLength(2);
});

test("[O-14] no room’s event waits until another’s is queued", async () => {
  const { say, told, store, look } = openReplica();
  store.open();
  for (const room of ["tea", "coffee", "cocoa"]) say(room);
  look();
  await expect.poll(() => told.map(({ room }) => room)).toEqual(["tea", "coffee", "cocoa"]);
});
