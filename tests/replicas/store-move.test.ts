import { readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { mustAccount } from "../support/account-client";
import { expect, test } from "../support/fixtures";
import { runStoreTool } from "../support/store-tool";
import { makeFolder } from "../support/temporary-folder";

const alone = { REDIS_URL: undefined, REDIS_PREFIX: undefined, SESSION_SECRET: undefined };

test("[C-1] [ID-1] when a lone process is moved to replicas over Redis, tokens, cursors, names and accounts stay valid", async ({
  launchReplica,
  startReplicas,
  shared,
  connect,
}) => {
  const folder = await makeFolder("move");
  const lone = await launchReplica({ ...alone, DATA_DIR: path.join(folder, "data") });
  await lone.ready();
  const before = await connect({ url: lone.url });
  const { self } = await before.join("lobby");
  await before.say("lobby", "one", "draft-000001");
  const { cursor } = await before.join("lobby");
  await before.say("lobby", "two");
  const account = { handle: "otter", password: "correct horse battery staple" };
  await mustAccount(lone.url, "sign-up", { token: before.token, body: account });

  // The settings come from the .env of the folder; the path of the store is relative to it.
  await writeFile(path.join(folder, ".env"), "DATA_DIR=./data\n");
  const busy = await runStoreTool(["export", "dump.jsonl"], folder, {});
  expect(busy).toMatchObject({ code: 1, stdout: "" });
  expect(busy.stderr).toContain("is used by another process");
  await lone.stop();
  const exported = await runStoreTool(["export", "dump.jsonl", "--with-secrets"], folder, {});
  expect(exported, exported.stderr).toMatchObject({ code: 0, stdout: "" });
  const file = path.join(folder, "dump.jsonl");
  expect((await stat(file)).mode & 0o777, "the file has private conversations").toBe(0o600);

  const secret = await readFile(path.join(folder, "data/session-secret"), "utf8");
  const target = { ...shared, SESSION_SECRET: secret };
  const imported = await runStoreTool(["import", "dump.jsonl"], folder, target);
  expect(imported, imported.stderr).toMatchObject({ code: 0 });
  expect(imported.stderr).toContain("Visitors stay who they are");
  const again = await runStoreTool(["import", "dump.jsonl"], folder, target);
  expect(again.code).toBe(1);
  expect(again.stderr).toContain("is not empty");

  const [one, two] = await startReplicas(2, { SESSION_SECRET: secret });
  const after = await connect({ url: one?.url ?? "", token: before.token });
  const joined = await after.join("lobby", cursor);
  expect(joined.self).toEqual(self);
  expect(joined.gap).toBeUndefined();
  expect(joined.cursor).toEqual({ epoch: cursor.epoch, seq: cursor.seq + 1 });
  expect(joined.entries).toMatchObject([{ kind: "message", text: "two", seq: cursor.seq + 1 }]);
  const other = await connect({ url: two?.url ?? "" });
  await other.join("lobby");
  const { seq } = await after.say("lobby", "three");
  await other.waitFor("the message", () => other.log("lobby").texts.includes("three"));
  expect(seq).toBeGreaterThan(joined.cursor.seq);
  const retried = await after.say("lobby", "one", "draft-000001");
  expect(retried.seq, "a repeat is recognized").toBeLessThan(seq);
  const loggedIn = await mustAccount(two?.url ?? "", "log-in", { body: account });
  expect(loggedIn.visitor.id).toBe(before.id);
});

test("[F-1] a store can be exported while replicas use it, and a lone process continues from the file", async ({
  startReplicas,
  launchReplica,
  shared,
  connect,
}) => {
  const [replica] = await startReplicas(1);
  const visitor = await connect({ url: replica?.url ?? "" });
  await visitor.join("lobby");
  await visitor.say("lobby", "before");
  const folder = await makeFolder("back");
  const exported = await runStoreTool(["export", "-"], folder, shared);
  expect(exported, exported.stderr).toMatchObject({ code: 0 });
  expect(exported.stderr).toContain("Left out: the session secret");
  await visitor.say("lobby", "after");

  const imported = await runStoreTool(["import", "-"], folder, {}, exported.stdout);
  expect(imported, imported.stderr).toMatchObject({ code: 0 });
  const { SESSION_SECRET } = shared;
  const lone = await launchReplica({ ...alone, SESSION_SECRET, DATA_DIR: path.join(folder, "data") });
  await lone.ready();
  const moved = await connect({ url: lone.url, token: visitor.token });
  const { self } = await moved.join("lobby");
  expect(self.id).toBe(visitor.id);
  expect(moved.log("lobby").texts).toEqual(["before"]);
});

test("a file that cannot be imported leaves the store as it was, and no server starts on a half-filled store", async ({
  launchReplica,
  shared,
}) => {
  const folder = await makeFolder("bad");
  const file = path.join(folder, "torn.jsonl");
  const header = JSON.stringify({ madang: "store", version: 1, exportedAt: 1, hasSecrets: false });
  await writeFile(file, `${header}\n{"record":{"key":"directory:{a}:visits","kind":"set"}}\n{"item":["lob`);
  const fromFile = await runStoreTool(["import", "torn.jsonl"], folder, shared);
  expect(fromFile).toMatchObject({ code: 1, stderr: "line 3: it is torn, or no JSON\n" });
  const replica = await launchReplica();
  await replica.ready();
  await replica.stop();

  const fromInput = await runStoreTool(["import", "-"], folder, shared, await readFile(file, "utf8"));
  expect(fromInput).toMatchObject({ code: 1, stderr: "line 3: it is torn, or no JSON\n" });
  const refused = await launchReplica();
  expect((await refused.exit).code).toBe(1);
  expect(refused.output()).toContain("An import into this store is under way, or broke off.");

  for (const [args, reason] of [
    [["import", "nowhere.jsonl"], "nowhere.jsonl cannot be used (ENOENT)"],
    [["export"], "npm run store -- export FILE"],
    [["export", "x", "--all"], "npm run store -- export FILE"],
  ] as const) {
    const faulty = await runStoreTool([...args], folder, shared);
    expect(faulty.code).toBe(1);
    expect(faulty.stderr).toContain(reason);
  }
  const away = await runStoreTool(["export", "-"], folder, { REDIS_URL: "redis://:hidden@127.0.0.1:1" });
  expect(away.stderr).toMatch(/^Redis at 127\.0\.0\.1:1 cannot be reached/);
  expect(away.stderr).not.toContain("hidden");
});

test("the tool imports and exports a room larger than its own memory", async () => {
  const folder = await makeFolder("large");
  const [count, text, at] = [15_000, "x".repeat(4_000), Date.now()];
  const numbered = { createdAt: at, lastEntryAt: at, head: count };
  const said = (seq: number) => ({
    entry: { seq, at, kind: "message", by: { id: "ann", name: "A" }, text, clientMessageId: `draft-${seq}` },
  });
  const lines = [
    { madang: "store", version: 1, exportedAt: 1, hasSecrets: false },
    { room: { id: "tea", title: "", kind: "public", closed: false, epoch: "e", ...numbered } },
    ...Array.from({ length: count }, (_, index) => said(index + 1)),
    { end: { lines: count + 2 } },
  ];
  await writeFile(
    path.join(folder, "large.jsonl"),
    lines.map((line) => `${JSON.stringify(line)}\n`),
  );
  const settings = { NODE_OPTIONS: "--max-old-space-size=40", DATA_DIR: "data" };
  for (const args of [
    ["import", "large.jsonl"],
    ["export", "back.jsonl"],
  ]) {
    const done = await runStoreTool(args, folder, settings);
    expect(done, done.stderr).toMatchObject({ code: 0 });
  }
  const sizes = await Promise.all(["large", "back"].map((name) => stat(path.join(folder, `${name}.jsonl`))));
  expect(sizes[1]?.size).toBeGreaterThan((sizes[0]?.size ?? 0) - 100);
});
