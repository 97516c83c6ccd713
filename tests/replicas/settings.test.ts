import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "../support/fixtures";
import type { Replica } from "../support/replica";

const alone = { REDIS_URL: undefined, REDIS_PREFIX: undefined, SESSION_SECRET: undefined };

async function lastWords(replica: Replica): Promise<string> {
  const { code } = await replica.exit;
  expect(code).toBe(1);
  return replica.output();
}

test("[settings] a replica over Redis without SESSION_SECRET does not start, and says why", async ({
  launchReplica,
}) => {
  const words = await lastWords(await launchReplica({ SESSION_SECRET: undefined }));
  expect(words).toContain("SESSION_SECRET is required");
  expect(words, "a sentence for an operator, no stack").not.toContain("    at ");
});

test("[settings] with REPLICAS above 1 and no Redis a replica does not start, and says why", async ({
  launchReplica,
}) => {
  const words = await lastWords(await launchReplica({ ...alone, REPLICAS: "2" }));
  expect(words).toMatch(/REPLICAS.*REDIS_URL/);
  expect(words, "a sentence for an operator, no stack").not.toContain("    at ");
});

test("[settings] one message lists all wrong settings", async ({ launchReplica }) => {
  const faulty = {
    REPLICAS: "2",
    REDIS_PREFIX: "a{b}",
    HISTORY_LIMIT: "many",
    RATE_LIMITS: "maybe",
    DRAIN_MS: "-1",
  };
  const words = await lastWords(await launchReplica({ ...alone, ...faulty }));
  const list = words.slice(words.indexOf("The settings are not valid"));
  for (const name of [...Object.keys(faulty), "REDIS_URL"]) expect(list).toContain(name);
});

test("[settings] without Redis a replica says in one line that it keeps everything in memory, and works", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica(alone);
  await replica.says("chat attached");
  const lines = replica
    .output()
    .split("\n")
    .filter((line) => line.includes("embedded broker"));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain("REDIS_URL is not set");
  const [one, other] = await Promise.all([connect({ url: replica.url }), connect({ url: replica.url })]);
  await one.join("lobby");
  await other.join("lobby");
  await one.say("lobby", "in memory");
  await other.entry("lobby", (entry) => entry.kind === "message" && entry.text === "in memory");
});

test("[settings] a replica whose HOSTNAME is the machine's own name can still be reached by address", async ({
  startReplica,
}) => {
  const { hostname } = await import("node:os");
  const replica = await startReplica({ ...alone, HOSTNAME: hostname() });
  expect((await replica.get("/api/health")).status).toBe(200);
});

test("[settings] the log has no tokens, texts or names", async ({ startReplica, connect }) => {
  const replica = await startReplica({ LOG_LEVEL: "trace" });
  const visitor = await connect({ url: replica.url });
  const { self } = await visitor.join("lobby");
  await visitor.say("lobby", "a word in confidence");
  await visitor.askRaw("message:send", { room: "lobby", text: "a word in confidence" });
  await replica.stop();
  const output = replica.output();
  expect(output).toContain("chat attached");
  for (const secret of [visitor.token, "a word in confidence", self.name])
    expect(output).not.toContain(secret);
});

test("[settings] an invalid port is an error, and the replica does not take another port instead", async ({
  launchReplica,
}) => {
  for (const PORT of ["abc", "0", "65536"])
    expect(await lastWords(await launchReplica({ ...alone, PORT }))).toContain(
      "PORT: must be a whole number",
    );
});

test("[settings] a replica whose port is taken says so in one line", async ({
  startReplica,
  launchReplica,
}) => {
  const { port } = await startReplica(alone);
  const words = await lastWords(await launchReplica({ ...alone, PORT: String(port) }));
  expect(words).toBe(`Cannot listen on 127.0.0.1:${port}: the port is in use. Set PORT to another one.\n`);
});

test("[settings] a replica reads .env in the folder where it starts, and the environment overrides it", async ({
  launchReplica,
}) => {
  const folder = await mkdtemp(path.join(tmpdir(), "madang-settings-"));
  try {
    await writeFile(path.join(folder, ".env"), "REPLICAS=2\nHISTORY_LIMIT=many\n");
    const words = await lastWords(
      await launchReplica({ ...alone, MADANG_FOLDER: folder, HISTORY_LIMIT: "5" }),
    );
    expect(words).toContain("REPLICAS");
    expect(words).not.toContain("HISTORY_LIMIT");
  } finally {
    await rm(folder, { recursive: true });
  }
});
