import { randomUUID } from "node:crypto";
import path from "node:path";
import { limitFiles } from "../support/file-size-limit";
import { expect, test } from "../support/fixtures";
import { makeFolder } from "../support/temporary-folder";
import { until } from "../support/until";

test("[C-3] a lone process whose disk is full refuses writes, keeps running, loses nothing, and continues when there is room again", async ({
  launchReplica,
  connect,
}) => {
  test.setTimeout(120_000);
  const folder = await makeFolder("data");
  const replica = await launchReplica({
    REDIS_URL: undefined,
    REDIS_PREFIX: undefined,
    SESSION_SECRET: undefined,
    DATA_DIR: path.join(folder, "data"),
    RATE_LIMITS: "off",
  });
  await replica.ready();
  const visitor = await connect({ url: replica.url });
  await visitor.join("lobby");
  const said: string[] = [];
  const refusals = new Set<string>();
  const say = async () => {
    const text = `${said.length} ${"x".repeat(1_000)}`;
    const answer = await visitor.ask("message:send", { room: "lobby", clientMessageId: randomUUID(), text });
    if (answer.ok) said.push(text);
    else refusals.add(answer.error.code);
    return answer.ok;
  };
  for (let number = 0; number < 20; number += 1) await say();

  limitFiles(replica.pid, 64 * 1_024);
  await until("a refusal for want of room", async () => {
    await say();
    return refusals.has("storage_full");
  });
  expect([...refusals].filter((code) => code !== "unavailable")).toEqual(["storage_full"]);
  expect(replica.isRunning()).toBe(true);
  const { entries } = await visitor.must("history:read", { room: "lobby", limit: 1, before: 3 });
  expect(entries).toMatchObject([{ text: said[0] }]);

  limitFiles(replica.pid, "unlimited");
  await until("room again", say);
  await replica.kill();
  const next = await launchReplica({
    REDIS_URL: undefined,
    REDIS_PREFIX: undefined,
    SESSION_SECRET: undefined,
    DATA_DIR: path.join(folder, "data"),
    RATE_LIMITS: "off",
  });
  await next.ready();
  const reader = await connect({ url: next.url });
  await reader.join("lobby");
  const { entries: kept } = await reader.must("history:read", { room: "lobby", limit: 100 });
  const texts = kept.flatMap((entry) => (entry.kind === "message" ? [entry.text] : []));
  expect(texts).toEqual(expect.arrayContaining(said));
  expect(new Set(texts).size, "nothing twice").toBe(texts.length);
});
