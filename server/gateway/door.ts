import type { Server as HttpServer, IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type Network, noNetwork, parseNetwork } from "../lib/network";
import { ConnectionCount } from "./admission";
import type { RefusalLog } from "./refusal-log";
import { schemeOf } from "./site-origin";

/** More sockets than one process can serve; the next ones would take memory from those that are there. */
const mostSockets = 20_000;
/** Beside its connections, a network's browsers hold sockets for pages: six each while one loads. */
const socketsPerConnection = 3;
/** However few connections an address may hold: its browsers load pages all the same. */
const pageSockets = 60;
/** A browser sends its headers in one piece. server/before-next.mjs looks after it every two seconds. */
const headersTimeoutMs = 10_000;
/** The longest request is a few KiB. */
const requestTimeoutMs = 30_000;
/** A year, as browsers' own lists ask. */
const secureSeconds = 31_536_000;

type Settings = { trustedProxyHops: number; connectionsPerAddress: number | undefined };

/** What the HTTP server bears before anything is asked of it: how many sockets, and for how long they may be silent. */
export function guardDoor(server: HttpServer, settings: Settings, refusals: Pick<RefusalLog, "add">): void {
  const { trustedProxyHops, connectionsPerAddress } = settings;
  server.headersTimeout = headersTimeoutMs;
  server.requestTimeout = requestTimeoutMs;
  server.prependListener("request", (request: IncomingMessage, response: ServerResponse) => {
    if (schemeOf(request, trustedProxyHops) === "https")
      response.setHeader("Strict-Transport-Security", `max-age=${secureSeconds}`);
  });
  if (connectionsPerAddress === undefined) return;
  server.maxConnections = mostSockets;
  server.on("drop", (dropped) => refusals.add("socket", networkAt(dropped?.remoteAddress)));
  // Behind a proxy all sockets are the proxy's, which counts its own.
  if (trustedProxyHops > 0) return;
  const most = pageSockets + connectionsPerAddress * socketsPerConnection;
  const sockets = new ConnectionCount();
  server.prependListener("connection", (socket: Socket) => {
    const network = networkAt(socket.remoteAddress);
    if (sockets.add(network, { socket } as IncomingMessage) <= most) return;
    refusals.add("socket", network);
    socket.destroy();
  });
}

const networkAt = (address = ""): Network => parseNetwork(address) ?? noNetwork;
