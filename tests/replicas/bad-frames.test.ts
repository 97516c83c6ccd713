import { expect, test } from "../support/fixtures";
import { RawClient } from "../support/raw-client";
import { until } from "../support/until";

/** Packets that no client library sends: Engine.IO's type, then Socket.IO's, then the content. */
const strangePackets = [
  '42["disconnect",{}]',
  '42["disconnecting",{}]',
  '42["connect",{}]',
  '42["connect_error",{}]',
  '42["newListener",{}]',
  '42["removeListener",{}]',
  '42["error",{"message":"boom"}]',
  '42["error"]',
  '420["error",{}]',
  '420["disconnect",{}]',
  "42[7,{}]",
  "42[null]",
  "42[]",
  "42{}",
  "42",
  "42[",
  '42["message:send"',
  '42/elsewhere,["message:send",{}]',
  "40/elsewhere,",
  "40",
  '40{"protocol":1}',
  "43[]",
  '4399[{"ok":true}]',
  '44{"message":"no"}',
  '451-["message:send",{"_placeholder":true,"num":0}]',
  '451-["message:send",{"_placeholder":true,"num":9}]',
  '459999999-["message:send",{}]',
  '45-["message:send",{}]',
  "4",
  "48",
  "5",
  "6",
  "9",
  "",
  "garbage",
  "2",
  "3",
  "0{}",
  '42["message:send",{"room":"lobby","limit":1e999}]',
  `42${"[".repeat(20_000)}`,
];

test("[W-5] a packet that no client sends harms at most the connection it came on", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica({ RATE_LIMITS: "off" });
  const witness = await connect({ url: replica.url });
  await witness.join("lobby");
  const before = witness.events.length;
  for (const packet of strangePackets) {
    const visitor = await connect({ url: replica.url });
    visitor.writeRaw(packet);
    // The replica either serves the connection or closes it. The connection does not hang, and other visitors notice nothing.
    const isServed = visitor.ask("history:read", { room: "lobby", limit: 1 }).then(() => "served");
    const isClosed = visitor.gone().then(() => "closed");
    await Promise.race([isServed, isClosed]);
    visitor.close();
    expect(replica.isRunning(), packet.slice(0, 60)).toBe(true);
  }
  await witness.say("lobby", "all is well");
  await witness.entry("lobby", (entry) => entry.kind === "message");
  expect(witness.events.slice(before).map(({ name }) => name)).toEqual(["feed:appended"]);
  expect(witness.socket.connected).toBe(true);
});

test("[W-5] a binary frame harms at most the connection it came on", async ({ startReplica, connect }) => {
  const replica = await startReplica();
  const witness = await connect({ url: replica.url });
  await witness.join("lobby");
  for (const bytes of [Buffer.alloc(0), Buffer.from("42[]"), Buffer.alloc(1_000, 0xff)]) {
    const visitor = await connect({ url: replica.url });
    visitor.writeRaw(bytes);
    await visitor.gone();
  }
  const visitor = await connect({ url: replica.url });
  await visitor.join("lobby");
  const binary = { room: "lobby", clientMessageId: "a-binary-text", text: Buffer.from("hello") };
  expect(await visitor.askRaw("message:send", binary)).toMatchObject({ error: { code: "bad_request" } });
  await witness.say("lobby", "all is well");
  await visitor.entry("lobby", (entry) => entry.kind === "message" && entry.text === "all is well");
  expect(witness.socket.connected).toBe(true);
});

test("[W-5] a frame over 64 KiB closes its connection and no other; one below it is answered", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica();
  const witness = await connect({ url: replica.url });
  await witness.join("lobby");
  const send = (text: string) => ({ room: "lobby", clientMessageId: "a-heavy-message", text });

  const heavy = await connect({ url: replica.url });
  await heavy.join("lobby");
  expect(await heavy.ask("message:send", send("x".repeat(60_000)))).toMatchObject({
    ok: false,
    error: { code: "too_large", retryable: false },
  });
  for (const size of [66_000, 1_000_000]) {
    const visitor = await connect({ url: replica.url });
    visitor.socket.emit("message:send", send("x".repeat(size)));
    await visitor.gone();
  }
  await heavy.say("lobby", "still here");
  await witness.waitFor("the message", () => witness.log("lobby").texts.includes("still here"));
  expect(witness.log("lobby").texts).toEqual(["still here"]);
  expect(witness.socket.connected && heavy.socket.connected).toBe(true);
  expect(replica.isRunning()).toBe(true);
});

/** A WebSocket close frame without a reason. */
const closeFrame = "\x88\x00";

test("a client that disconnects from the namespace has left, and cannot get a second session over its connection", async ({
  startReplica,
  connect,
}) => {
  const replica = await startReplica();
  const witness = await connect({ url: replica.url });
  await witness.join("lobby");
  const client = await RawClient.join(replica.url, "lobby");
  client.send("41");
  client.send('40{"protocol":1}');
  await until("the close frame", () => client.heardTimes(closeFrame) > 0);
  await witness.entry("lobby", (entry) => entry.kind === "leave");
  expect(client.heardTimes("session:started")).toBe(1);
  client.close();
});
