import { Writable } from "node:stream";
import pino from "pino";
import { skeleton } from "../../server/names/skeleton";
import { expect, test } from "./brokers";
import { draft, freshId } from "./observed-room";

/** Where visitors' texts may stand, and where never: in names of keys, in scripts, and in logged failures. */

const hostile = `}{lobby}:* ' .. redis.call('FLUSHALL') .. ' " ]] \\`;

test("key names begin with the room's id, and have no text of visitors except a kept name's skeleton", async ({
  redis,
  prefix,
  openBroker,
}) => {
  const broker = await openBroker();
  const room = freshId("room");
  const name = (text: string) => ({ name: text, skeleton: skeleton(text) });
  const [first, second] = [name(`Otter ${hostile}`), name(`Heron ${hostile}`)];
  await broker.rooms.create({ id: room, title: hostile, kind: "public", owner: "a" });
  const entrance = await broker.membership.enter({ room, visitor: "a", connection: "a1", names: [first] });
  expect(entrance.self.name).toBe(first.name);
  await broker.feed.publish(room, "a1", draft(hostile));
  const renaming = { room, visitor: "a", connection: "a1", names: [first], wanted: second };
  expect(await broker.membership.rename(renaming)).toMatchObject({ name: second.name });
  const { seq } = await broker.feed.publish(room, "a1", draft(`${hostile} again`));
  await broker.feed.remove(room, "a1", seq);
  const { entries } = await broker.feed.read(room, { limit: 9 });
  expect(entries).toMatchObject([
    { kind: "join", by: { name: first.name } },
    { kind: "message", text: hostile },
    { kind: "rename", was: first.name },
    { kind: "removed" },
    { kind: "removal" },
  ]);
  const scanned = await redis.client.keys(`${prefix}*`);
  const keys = scanned.filter(
    (key) => !/^(departures|replica|directory|\{lobby\}:)/.test(key.slice(prefix.length)),
  );
  expect(keys.length).toBeGreaterThan(5);
  for (const key of keys) expect(key.startsWith(`${prefix}{${room}}:`), key).toBe(true);
  expect(scanned.filter((key) => key.includes("flushall") || key.includes("FLUSHALL"))).toEqual([
    `${prefix}{${room}}:held:${first.skeleton}`,
  ]);
});

test("a failed script is logged without its arguments: no text, no name", async ({
  redis,
  prefix,
  openBroker,
}) => {
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const logger = pino({ level: "trace" }, sink);
  const broker = await openBroker();
  const room = freshId("room");
  const names = [{ name: "A secret name", skeleton: "a secret name" }];
  await broker.rooms.create({ id: room, title: "A room", kind: "public" });
  await broker.membership.enter({ room, visitor: "a", connection: "a1", names });
  await redis.client.set(`${prefix}{${room}}:feed`, "something else wrote this");
  for (const step of [
    () => broker.feed.publish(room, "a1", draft("a secret text")),
    () =>
      broker.membership.rename({
        room,
        visitor: "a",
        connection: "a1",
        names,
        wanted: { name: "Secret", skeleton: "secret" },
      }),
    () =>
      broker.membership.enter({
        room,
        visitor: "b",
        connection: "b1",
        names: [{ name: "Secret", skeleton: "secret" }],
      }),
  ]) {
    const fault = await step().catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: "internal" });
    // The gateway logs an error that is not a ChatError in this way.
    logger.error({ err: fault }, "a command failed");
  }
  expect(lines).toHaveLength(3);
  expect(lines.join("").toLowerCase()).not.toContain("secret");
});
