import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Duplex } from "node:stream";
import { takeUpgrades } from "../../server/gateway/upgrades";
import { Pace } from "../../server/lib/pace";
import { expect, test } from "../support/plain-test";
import { until } from "../support/until";

const isOwn = ({ url }: IncomingMessage) => url === "/own";

/** Asks for an upgrade, and returns which listeners were called. */
async function upgraded(server: Server, called: string[], path: string): Promise<string[]> {
  const { port } = server.address() as AddressInfo;
  called.length = 0;
  const socket = connect(port, "127.0.0.1");
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
  await once(socket, "close");
  return [...called];
}

test("upgrades on our path reach only our listeners; others reach all listeners, the earlier ones first", async () => {
  const called: string[] = [];
  const server = createServer();
  server.on("upgrade", () => void called.push("next"));
  takeUpgrades(server, { isOwn, pace: new Pace(4) }, () => {
    server.on("upgrade", (_, socket) => {
      called.push("own");
      socket.end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  expect(await upgraded(server, called, "/own")).toEqual(["own"]);
  expect(await upgraded(server, called, "/other")).toEqual(["next", "own"]);
  server.close();
});

test("an upgrade that breaks off while it waits is dropped, and the server keeps running", async () => {
  const held: (() => void)[] = [];
  const pace = { run: (task: () => void) => void held.push(task) } as unknown as Pace;
  const called: string[] = [];
  const server = createServer();
  takeUpgrades(server, { isOwn, pace }, () => server.on("upgrade", () => void called.push("own")));
  const sockets: Duplex[] = [];
  server.prependListener("upgrade", (_, socket) => void sockets.push(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  client.write("GET /own HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
  await until("the upgrade waits", () => held.length === 1);
  const [socket] = sockets as [Duplex];
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.destroy(new Error("reset by the client"));
  await closed;
  held[0]?.();
  expect(called).toEqual([]);
  expect(socket.listenerCount("error")).toBe(0);
  client.destroy();
  server.close();
});
