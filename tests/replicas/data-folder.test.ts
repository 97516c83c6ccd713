import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { mustAccount } from "../support/account-client";
import { expect, test } from "../support/fixtures";
import { insist } from "../support/insist";
import { freePort } from "../support/ports";
import { Replica } from "../support/replica";
import { makeFolder } from "../support/temporary-folder";
import type { WireVisitor } from "../support/wire-visitor";

const password = "correct horse battery staple";
const alone = { REDIS_URL: undefined, REDIS_PREFIX: undefined, SESSION_SECRET: undefined };

const noticesOf = (visitor: WireVisitor, kind: "join" | "leave", id: string) =>
  visitor.log("lobby").entries.filter((entry) => entry.kind === kind && entry.by.id === id);

test("[C-1] [C-2] [N-3] a lone process that is killed during talk starts again with everything, and its visitors come back", async ({
  connect,
}) => {
  test.setTimeout(120_000);
  const folder = await makeFolder("data");
  const port = await freePort();
  const settings = { ...alone, DATA_DIR: path.join(folder, "data"), RATE_LIMITS: "off" };
  let replica = await Replica.launch(settings, port);
  try {
    await replica.ready();
    const enter = async (reconnection: boolean) => {
      const visitor = await connect({ url: replica.url, reconnection });
      const { self } = await visitor.join("lobby");
      return { visitor, self };
    };
    const staying = [await enter(true), await enter(true), await enter(true)] as const;
    const gone = await enter(false);
    const [{ visitor: first }] = staying;
    const account = { handle: "otter", password };
    const signedUp = await mustAccount(replica.url, "sign-up", { token: first.token, body: account });
    const { room } = await first.must("room:create", { title: "Tea" });

    const said: string[] = [];
    let isOver = false;
    const talk = staying.map(async ({ visitor }, speaker) => {
      for (let number = 0; !isOver; number += 1) {
        const text = `${speaker}: ${number}`;
        await insist(visitor, "lobby", text);
        said.push(text);
      }
    });
    for (let kill = 1; kill <= 3; kill += 1) {
      const before = said.length;
      await first.waitFor("some talk", () => said.length > before + 100);
      await replica.kill();
      replica = await Replica.launch(settings, port);
      await replica.ready();
    }
    const back = said.length;
    await first.waitFor("the talk going on", () => said.length > back + 100);
    isOver = true;
    await Promise.all(talk);
    await first.waitFor("the leave", () => noticesOf(first, "leave", gone.self.id)[0]);
    await first.say("lobby", "the end");

    for (const { visitor, self } of staying) {
      await visitor.waitFor("the end", () => visitor.log("lobby").texts.includes("the end"));
      const { texts, faults, gaps } = visitor.log("lobby");
      expect(faults).toEqual([]);
      expect(gaps).toEqual([]);
      expect([...texts].sort(), "everything said, once").toEqual([...said, "the end"].sort());
      expect(noticesOf(first, "leave", self.id)).toEqual([]);
      expect(noticesOf(visitor, "join", self.id).length).toBeLessThanOrEqual(1);
      expect((await visitor.join("lobby")).self).toEqual(self);
    }
    expect(noticesOf(first, "leave", gone.self.id), "once").toHaveLength(1);
    expect((await first.join(room.id)).room).toMatchObject({ title: "Tea" });
    const loggedIn = await mustAccount(replica.url, "log-in", { body: account });
    expect(loggedIn.visitor).toEqual(signedUp.visitor);
  } finally {
    await replica.kill();
  }
});

test("a lone process logs where it keeps everything, does not print its secret, and refuses a second process", async ({
  startReplica,
  launchReplica,
}) => {
  const folder = await makeFolder("data");
  const data = path.join(folder, "data");
  const replica = await startReplica({ ...alone, DATA_DIR: data });
  await replica.says(`everything is kept in ${data}`);
  expect(replica.output()).not.toContain("SESSION_SECRET is not set");
  const secret = path.join(data, "session-secret");
  expect((await stat(secret)).mode & 0o777).toBe(0o600);
  expect((await stat(data)).mode & 0o777).toBe(0o700);
  expect(await readFile(secret, "utf8")).toMatch(/^[0-9a-f]{64}$/);

  const second = await launchReplica({ ...alone, DATA_DIR: data });
  expect((await second.exit).code).toBe(1);
  expect(second.output()).toContain("is used by another process");
  expect((await replica.get("/api/ready")).status, "the first process still runs").toBe(200);
});

test("with DATA_DIR=none, or an empty one, the process keeps nothing and says so", async ({
  startReplica,
}) => {
  for (const nothing of ["none", ""]) {
    const folder = await makeFolder("none");
    const replica = await startReplica({ ...alone, DATA_DIR: nothing, MADANG_FOLDER: folder });
    await replica.says("nothing is kept when it ends");
    await replica.says("SESSION_SECRET is not set");
    await expect(stat(path.join(folder, "data"))).rejects.toThrow();
  }
});
