import { randomUUID } from "node:crypto";
import type { RedisServer } from "../support/redis-server";
import { until } from "../support/until";
import { expect, test } from "./brokers";
import { draft, enter } from "./observed-room";

/** What a step costs Redis: its calls, and the commands on the room's keys that their scripts run. */
async function costOf({ client }: RedisServer, keys: string, step: () => Promise<unknown>) {
  const monitor = await client.monitor();
  const end = `${keys}${randomUUID()}`;
  const seen: { name: string; source: string }[] = [];
  let isOver = false;
  monitor.on("monitor", (_time, args: string[], source: string) => {
    if (args.includes(end)) isOver = true;
    else if (args.some((arg) => arg.startsWith(keys)))
      seen.push({ name: String(args[0]).toLowerCase(), source });
  });
  await step();
  await client.exists(end);
  await until("its end", () => isOver);
  monitor.disconnect();
  const namesOf = (isScript: boolean) =>
    seen.filter(({ source }) => (source === "lua") === isScript).map(({ name }) => name);
  return { calls: namesOf(false), commands: namesOf(true) };
}

test("in a settled room a message takes one call of Redis and at most 12 commands on its keys", async ({
  redis,
  prefix,
  openBroker,
}) => {
  const broker = await openBroker();
  await enter(broker, "lobby", "a", "a1");
  await broker.feed.publish("lobby", "a1", draft("the first"));
  const { calls, commands } = await costOf(redis, `${prefix}{lobby}`, () =>
    broker.feed.publish("lobby", "a1", draft("the second")),
  );
  expect(calls).toEqual(["evalsha"]);
  expect(commands.length).toBeLessThanOrEqual(12);
});

test("[ID-4] entering takes one call of Redis, which returns the head, the count and the listed members, and at most 33 commands", async ({
  redis,
  prefix,
  openBroker,
}) => {
  const broker = await openBroker();
  await enter(broker, "lobby", "a", "a1");
  const { calls, commands } = await costOf(redis, `${prefix}{lobby}`, async () => {
    const { memberCount, members, head } = await enter(broker, "lobby", "b", "b1");
    expect([memberCount, members.length, head.seq]).toEqual([2, 2, 2]);
  });
  expect(calls).toEqual(["evalsha"]);
  expect(commands.length).toBeLessThanOrEqual(33);
});
