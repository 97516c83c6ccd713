import type { Ack } from "../../protocol/events";
import { expect, test } from "../support/fixtures";
import { until } from "../support/until";
import { upgrade } from "../support/upgrade";
import { WireVisitor } from "../support/wire-visitor";

test("[fault 3] commands that a client sends the moment it is connected are all answered, in order", async ({
  startReplica,
}) => {
  const replica = await startReplica();
  const visitor = new WireVisitor({ url: replica.url });
  const answers: [string, Ack][] = [];
  const ask = (label: string, name: string, input: object) =>
    visitor.socket.emit(name, input, (ack: Ack) => answers.push([label, ack]));
  await new Promise<void>((resolve) => {
    visitor.socket.on("connect", () => {
      ask("join", "room:join", { room: "lobby" });
      ask("first", "message:send", { room: "lobby", clientMessageId: "first-word", text: "hello" });
      ask("second", "message:send", { room: "lobby", clientMessageId: "second-word", text: "there" });
      ask("history", "history:read", { room: "lobby", limit: 10 });
      visitor.socket.emit("room:leave", { room: "lobby" }, (ack: Ack) => {
        answers.push(["leave", ack]);
        resolve();
      });
    });
  });
  expect(answers.map(([label, { ok }]) => `${label} ${ok}`)).toEqual([
    "join true",
    "first true",
    "second true",
    "history true",
    "leave true",
  ]);
  const history = answers[3]?.[1];
  expect(history).toMatchObject({ entries: [{ kind: "join" }, { text: "hello" }, { text: "there" }] });
  visitor.close();
});

test("[fault 4] a freshly booted replica answers its first WebSocket at once", async ({
  launchReplica,
  connect,
}) => {
  const replica = await launchReplica();
  // Before its port is open it refuses connections; from then on it must not keep a request waiting.
  await until(
    "an open port",
    async () => (await upgrade(replica.url, {}, { timeoutMs: 1_000 })) !== "closed",
    30_000,
  );
  await until(
    "the upgrade",
    async () => (await upgrade(replica.url, {}, { timeoutMs: 1_000 })) === 101,
    30_000,
  );
  const visitor = await connect({ url: replica.url });
  expect((await visitor.join("lobby")).memberCount).toBe(1);
});

test("[fault 4] a client that keeps trying while the replica boots is let in as soon as it is up", async ({
  launchReplica,
}) => {
  const replica = await launchReplica();
  const visitor = new WireVisitor({ url: replica.url, reconnection: true });
  await visitor.event("session:started", undefined, 30_000);
  expect((await visitor.join("lobby")).room.id).toBe("lobby");
  visitor.close();
});
