import type { Server as HttpServer, IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type Network, noNetwork, parseNetwork } from "../lib/network";
import { ConnectionCount } from "./admission";
import type { RefusalLog } from "./refusal-log";
import { schemeOf } from "./site-origin";

/** More sockets than one process can serve; any further one would take memory from the open ones. */
const mostSockets = 20_000;
/** Besides its chat connections, a network's browsers hold up to six sockets each while a page loads. */
const socketsPerConnection = 3;
/** Sockets for loading pages, even where an address may hold few connections. */
const pageSockets = 60;
/** A browser sends its headers in one piece. server/before-next.mjs looks after it every two seconds. */
const headersTimeoutMs = 10_000;
/** The largest request is a few KiB. */
const requestTimeoutMs = 30_000;
/** A year, the least that browsers' preload lists ask for. */
const secureSeconds = 31_536_000;

type Settings = { trustedProxyHops: number; connectionsPerAddress: number | undefined };

/** Limits the HTTP server's sockets: how many there are, and how long they may stay silent. */
export function limitHttpServer(
  server: HttpServer,
  settings: Settings,
  refusals: Pick<RefusalLog, "add">,
): void {
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
  // Behind a proxy every socket is the proxy's own; the proxy limits its clients.
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
