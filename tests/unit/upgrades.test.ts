import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "@playwright/test";
import { takeUpgrades } from "../../server/gateway/upgrades";

const isOwn = ({ url }: IncomingMessage) => url === "/own";

/** Asks for an upgrade, and returns which listeners were called. */
async function upgraded(server: Server, called: string[], path: string): Promise<string[]> {
  const { port } = server.address() as AddressInfo;
  const { connect } = await import("node:net");
  called.length = 0;
  const socket = connect(port, "127.0.0.1");
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
  await once(socket, "close");
  return [...called];
}

test("upgrades of the own path reach the own listeners alone, others reach all, the earlier ones first", async () => {
  const called: string[] = [];
  const server = createServer();
  server.on("upgrade", () => void called.push("next"));
  takeUpgrades(server, isOwn, () => {
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
