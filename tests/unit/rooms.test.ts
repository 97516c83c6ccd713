import { historyPageBytes } from "../../protocol/limits";
import { VisitedRooms } from "../../server/accounts/visited-rooms";
import type { Range } from "../../server/broker/feed";
import { MemoryBroker } from "../../server/broker/memory/broker";
import { ChatError } from "../../server/errors";
import { systemClock } from "../../server/lib/clock";
import { RateLimit } from "../../server/limits/rate-limit";
import { MemoryRecords } from "../../server/records/memory/records";
import { readHistory } from "../../server/rooms/history";
import { home, noBudget } from "../support/no-budget";
import { noLimits, unlimited } from "../support/no-limits";
import { expect, test } from "../support/plain-test";
import { roomsOver } from "./rooms-over";

const guest = (id: string) => ({
  visitor: { id },
  network: home,
  connection: `connection-${id}`,
  locale: "en" as const,
});
const opened = (historyLimit = 1_000, messages = unlimited) => {
  const broker = new MemoryBroker(
    { historyLimit, historyDays: 30 },
    { ...systemClock, every: () => () => undefined },
  );
  const history = (range: Range) => readHistory(broker.feed, "lobby", range);
  return { rooms: roomsOver(broker, { ...noLimits, messages }), history };
};
const open = (...settings: Parameters<typeof opened>) => opened(...settings).rooms;
const draft = (index: number) => ({ clientMessageId: `message-${index}`, text: `${index}` });

test("[ID-3] a crowd that draws the same names still gets different names", async () => {
  const broker = new MemoryBroker(
    { historyLimit: 100, historyDays: 30 },
    { ...systemClock, every: () => () => undefined },
  );
  let draws = 0;
  // All visitors draw the same few names, and get different numbers.
  const random = () => [0.1, 0.2, 0.3, 0.4, 0.5][draws++ % 5] ?? 0;
  const rooms = roomsOver(broker, noLimits, random);
  const names = [];
  for (let index = 0; index < 8; index += 1)
    names.push((await rooms.enter("lobby", guest(`v${index}`))).self.name);
  expect(new Set(names).size).toBe(8);
});

test("[ID-3] a requested name that is taken is refused at once, without a number added to it", async () => {
  const asked: (string | undefined)[] = [];
  const broker = new MemoryBroker(
    { historyLimit: 100, historyDays: 30 },
    { ...systemClock, every: () => () => undefined },
  );
  const { membership } = broker;
  const enter = membership.enter.bind(membership);
  membership.enter = (request) => {
    asked.push(request.wanted?.name);
    return enter(request);
  };
  const rooms = roomsOver(broker, noLimits);
  const otter = { name: "Otter", skeleton: "otter" };
  expect((await rooms.enter("lobby", guest("v"), otter)).self.name).toBe("Otter");
  await expect(rooms.enter("lobby", guest("w"), otter)).rejects.toMatchObject({ code: "name_taken" });
  expect(asked).toEqual(["Otter", "Otter"]);
});

test("[C-6] reserved rooms cannot be made; a room without an id gets one", async () => {
  const rooms = open();
  for (const id of ["lobby", "post-hello", "direct-x"])
    await expect(rooms.create({ visitor: { id: "v" }, network: home }, "Title", id)).rejects.toMatchObject({
      code: "bad_request",
    });
  const room = await rooms.create({ visitor: { id: "v" }, network: home }, "Title");
  expect(room).toMatchObject({ id: expect.stringMatching(/^[a-z0-9]{12}$/), title: "Title", owner: "v" });
});

test("history says whether there is more in its direction", async () => {
  const { rooms, history } = opened();
  await rooms.enter("lobby", guest("v"));
  for (let index = 2; index <= 10; index += 1) await rooms.post("lobby", guest("v"), draft(index));
  const read = async (range: { before?: number; after?: number; limit: number }) => {
    const { entries, more } = await history(range);
    return [entries.map(({ seq }) => seq), more];
  };
  expect(await read({ limit: 3 })).toEqual([[8, 9, 10], true]);
  expect(await read({ limit: 10 })).toEqual([[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], false]);
  expect(await read({ before: 3, limit: 5 })).toEqual([[1, 2], false]);
  expect(await read({ before: 1, limit: 5 })).toEqual([[], false]);
  expect(await read({ after: 8, limit: 1 })).toEqual([[9], true]);
  expect(await read({ after: 8, limit: 5 })).toEqual([[9, 10], false]);
  expect(await read({ after: 3, before: 6, limit: 5 })).toEqual([[4, 5], false]);
  expect(await read({ after: 3, before: 6, limit: 1 })).toEqual([[4], true]);
  expect(await read({ after: 10, limit: 5 })).toEqual([[], false]);
});

test("[W-7] history is bounded in bytes at either end, and says that there is more", async () => {
  const { rooms, history } = opened(8);
  await rooms.enter("lobby", guest("v"));
  const text = "x".repeat(historyPageBytes / 3);
  for (let index = 2; index <= 10; index += 1)
    await rooms.post("lobby", guest("v"), { ...draft(index), text });
  const read = async (range: { before?: number; after?: number }) => {
    const { entries, more, gap } = await history({ ...range, limit: 200 });
    return [entries.map(({ seq }) => seq), more, gap];
  };
  expect(await read({})).toEqual([[9, 10], true, undefined]);
  expect(await read({ before: 5 })).toEqual([[3, 4], false, undefined]);
  expect(await read({ after: 7 })).toEqual([[8, 9], true, undefined]);
  expect(await read({ after: 8 })).toEqual([[9, 10], false, undefined]);
  expect(await read({ after: 1 })).toEqual([[3, 4], true, { from: 2, to: 2, reason: "trimmed" }]);
  expect(await read({ after: 3, before: 6 })).toEqual([[4, 5], false, undefined]);
});

test("[F-0] requested history that is gone is returned as a gap", async () => {
  const { rooms, history } = opened(4);
  await rooms.enter("lobby", guest("v"));
  for (let index = 2; index <= 10; index += 1) await rooms.post("lobby", guest("v"), draft(index));
  expect(await history({ after: 2, limit: 10 })).toMatchObject({
    gap: { from: 3, to: 6, reason: "trimmed" },
    entries: [{ seq: 7 }, { seq: 8 }, { seq: 9 }, { seq: 10 }],
  });
  expect(await history({ after: 6, limit: 10 })).not.toHaveProperty("gap");
  expect(await history({ limit: 10 })).toMatchObject({ more: false });
});

test("[ID-5] before a visitor's first message the store records that it has spoken; if that fails the message is not stored", async () => {
  const broker = new MemoryBroker({ historyLimit: 100, historyDays: 30 }, systemClock);
  const visits = new VisitedRooms(new MemoryRecords(systemClock));
  const spoken: string[] = [];
  let isAway = true;
  visits.spokeIn = async (visitor, room) => {
    if (isAway) throw new ChatError("unavailable");
    spoken.push(`${visitor} ${room}`);
  };
  const allowances = noLimits;
  const rooms = roomsOver(broker, allowances, undefined, visits);
  await rooms.enter("lobby", guest("v"));
  await expect(rooms.post("lobby", guest("v"), draft(1))).rejects.toMatchObject({ code: "unavailable" });
  expect((await broker.feed.read("lobby", { limit: 9 })).entries).toHaveLength(1);
  isAway = false;
  for (let index = 0; index < 3; index += 1) await rooms.post("lobby", guest("v"), draft(index));
  expect(spoken).toEqual(["v lobby"]);
  await broker.close();
});

test("[C-7] a burst passes, and the next command is told when to try again", async () => {
  const rooms = open(100, new RateLimit({ perSecond: 1, burst: 3 }, { now: () => 0 }));
  await rooms.enter("lobby", guest("v"));
  await rooms.enter("lobby", guest("w"));
  for (let index = 0; index < 3; index += 1) await rooms.post("lobby", guest("v"), draft(index));
  const refusal = await rooms.post("lobby", guest("v"), draft(3)).catch((error) => error.toWire());
  expect(refusal).toMatchObject({ code: "rate_limited", retryable: true });
  expect(refusal.retryAfterMs).toBeGreaterThan(0);
  expect(refusal.retryAfterMs).toBeLessThanOrEqual(1_000);
  await rooms.post("lobby", guest("w"), draft(0));
});

test("[C-7] a visitor that keeps joining or making rooms is told to wait", async () => {
  const broker = new MemoryBroker(
    { historyLimit: 100, historyDays: 30 },
    { ...systemClock, every: () => () => undefined },
  );
  const few = () => new RateLimit({ perSecond: 1, burst: 3 }, { now: () => 0 });
  const rooms = roomsOver(broker, {
    messages: unlimited,
    joins: few(),
    creations: few(),
    renames: few(),
    typing: few(),
    networks: noBudget,
  });
  const limited = { code: "rate_limited" };
  for (let index = 0; index < 3; index += 1) {
    await rooms.enter("lobby", guest("v"));
    await broker.membership.leave("lobby", "connection-v");
    await rooms.create({ visitor: { id: "v" }, network: home }, "Title");
  }
  await expect(rooms.enter("lobby", guest("v"))).rejects.toMatchObject(limited);
  await expect(rooms.create({ visitor: { id: "v" }, network: home }, "Title")).rejects.toMatchObject(limited);
  await rooms.enter("lobby", guest("w"));
});
