import { dropSpares } from "../../server/gateway/lean-socket";
import { expect, test } from "../support/plain-test";
import { connected } from "./memory-socket";

test("a socket has every field that dropSpares drops, and afterwards no listener for headers", async () => {
  const { io, socket } = await connected();
  socket.onAny(() => undefined);
  const { conn, client } = socket;
  const [transport, decoder] = [conn.transport, Reflect.get(client, "decoder")];
  for (const [owner, field] of [
    [conn, "request"],
    [conn, "cleanupFn"],
    [socket, "handshake"],
    [socket, "acks"],
    [socket, "_anyListeners"],
    [Reflect.get(decoder, "_callbacks"), "$decoded"],
  ] as const)
    expect(Object.hasOwn(owner, field), field).toBe(true);
  expect(transport.eventNames()).toContain("headers");
  expect([...socket.rooms]).toEqual([socket.id]);
  dropSpares(socket);
  expect(transport.eventNames().sort()).toEqual(["close", "drain", "error", "packet", "ready"]);
  expect([...socket.rooms]).toEqual([]);
  expect(conn.request).toBe(null);
  await io.close();
});

test("a lean socket receives commands, answers, gets broadcasts and notices its end", async () => {
  const { io, stream, socket } = await connected();
  const heard: unknown[] = [];
  socket.onAny((event, input, reply) => {
    heard.push([event, input]);
    reply({ ok: true });
  });
  const ended = new Promise((resolve) => socket.on("disconnect", resolve));
  dropSpares(socket);
  stream.hand('427["room:list",{}]');
  // An ack without a question.
  stream.hand('4311[{"ok":true}]');
  io.emit("status:changed", { degraded: true });
  await expect.poll(() => stream.text).toContain('437[{"ok":true}]');
  expect(heard).toEqual([["room:list", {}]]);
  expect(stream.text).toContain('42["status:changed",{"degraded":true}]');
  stream.destroy();
  expect(await ended).toBe("transport close");
  expect(io.sockets.sockets.size).toBe(0);
  await io.close();
});
