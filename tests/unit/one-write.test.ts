import { once } from "node:events";
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { Server } from "socket.io";
import { WebSocket } from "ws";
import { corkThisTurn } from "../../server/gateway/end-of-turn";
import { openStreamOf } from "../../server/gateway/raw-socket";
import { SendBacklog } from "../../server/gateway/send-backlog";
import type { ChatSocket } from "../../server/gateway/socket-types";
import { takeUpgrades } from "../../server/gateway/upgrades";
import { encodeFrame } from "../../server/gateway/wire-frame";
import { systemClock } from "../../server/lib/clock";
import { Pace } from "../../server/lib/pace";
import { expect, test } from "../support/plain-test";
import { until } from "../support/until";

/** Counts a stream's writes to the kernel. */
function countWrites(stream: Duplex): { writes: number } {
  const counted = { writes: 0 };
  for (const name of ["_write", "_writev"] as const) {
    const write = stream[name]?.bind(stream) as (...args: unknown[]) => void;
    Object.assign(stream, {
      [name]: (...args: unknown[]) => {
        counted.writes += 1;
        write(...args);
      },
    });
  }
  return counted;
}

async function listening(io: Server): Promise<{ http: HttpServer; port: number }> {
  const http = createServer();
  takeUpgrades(http, { isOwn: () => true, pace: new Pace(4) }, () => void io.attach(http));
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  return { http, port: (http.address() as AddressInfo).port };
}

/** The stock Socket.IO server with one client over a real connection. */
async function connected() {
  const io = new Server({ transports: ["websocket"], serveClient: false });
  const { http, port } = await listening(io);
  let answered: { writes: number } | undefined;
  http.prependListener("upgrade", (_, stream: Duplex) => {
    answered = countWrites(stream);
  });
  const client = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
  const told: string[] = [];
  client.on("message", (data) => void told.push(String(data)));
  await once(client, "open");
  const welcomed = once(io, "connection");
  client.send("40");
  const [socket] = (await welcomed) as [ChatSocket];
  const stream = openStreamOf(socket.conn) as Duplex;
  const backlog = new SendBacklog(socket.conn, {
    clock: systemClock,
    stream: () => openStreamOf(socket.conn),
    ping: () => undefined,
    slowed: () => undefined,
    overdue: () => undefined,
  });
  await until("the answer to the connect packet", () => told.length === 2);
  const close = async () => {
    client.terminate();
    await io.close();
  };
  return { socket, stream, backlog, client, told, openingWrites: () => answered?.writes, close };
}

test("[W-2] an answer and the events and frames of its turn reach a stock client in one write, in order", async () => {
  const { socket, stream, backlog, client, told, close } = await connected();
  const counted = countWrites(stream);
  socket.onAny((_event, acknowledge: (answer: object) => void) => {
    acknowledge({ ok: true });
    backlog.send(encodeFrame("feed:appended", '{"seq":1}'));
    socket.emit("session:started", { visitor: { id: "v" }, token: "t" });
    socket.emit("status:changed", { degraded: true });
    backlog.send(encodeFrame("feed:appended", '{"seq":2}'));
  });
  for (const id of [7, 8]) {
    told.length = 0;
    counted.writes = 0;
    client.send(`42${id}["message:send"]`);
    await until("the last event", () => told.length >= 5);
    expect(told).toEqual([
      `43${id}[{"ok":true}]`,
      '42["feed:appended",{"seq":1}]',
      '42["session:started",{"visitor":{"id":"v"},"token":"t"}]',
      '42["status:changed",{"degraded":true}]',
      '42["feed:appended",{"seq":2}]',
    ]);
    expect(counted.writes).toBe(1);
  }
  await close();
});

test("the answer to an upgrade and Engine.IO's first packet go out in one write", async () => {
  const { openingWrites, told, close } = await connected();
  expect(told[0]).toContain("sid");
  // The second one answers Socket.IO's connect packet.
  expect(openingWrites()).toBe(2);
  await close();
});

test("writes after a cork in the same turn keep their order", async () => {
  const { socket, stream, backlog, told, close } = await connected();
  const counted = countWrites(stream);
  corkThisTurn(stream);
  backlog.send(encodeFrame("feed:appended", '{"seq":1}'));
  socket.emit("status:changed", { degraded: true });
  const before = told.length;
  await until("both", () => told.length >= before + 2);
  expect(told.slice(-2)).toEqual(['42["feed:appended",{"seq":1}]', '42["status:changed",{"degraded":true}]']);
  expect([counted.writes, backlog.unsentBytes]).toEqual([1, 0]);
  await close();
});
