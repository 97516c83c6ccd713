import { createHash } from "node:crypto";
import type { Server as HttpServer } from "node:http";
import { Server } from "socket.io";
import { Decoder } from "socket.io-parser";
import type { VisitorId } from "../../protocol/events";
import { maxFrameBytes } from "../../protocol/limits";
import { deviceName } from "../accounts/device-name";
import { ChatError } from "../errors";
import type { Network } from "../lib/network";
import { Admission, type AdmissionSettings } from "./admission";
import { watchCloseCode } from "./close-code";
import { Connection } from "./connection";
import { Connections } from "./connections";
import { Deliveries } from "./deliveries";
import { FloodMeter } from "./flood-meter";
import { FloodPauses } from "./flood-pauses";
import { parseHandshake } from "./handshake";
import { networkOf } from "./network";
import { PacketEncoder } from "./packet-encoder";
import { rawSocketOf } from "./raw-socket";
import { Rebalancing } from "./rebalancing";
import { refusalOf } from "./refusal";
import { RoomDelivery } from "./room-delivery";
import type { Services } from "./services";
import type { ChatServer, ChatSocket } from "./socket-types";

/** N-2: a dropped network is detected within the sum of the two, which stays below 15 s. */
const pingIntervalMs = 8_000;
const pingTimeoutMs = 6_000;
/** A connection that is refused, or never says hello, is closed after this time. */
const helloTimeoutMs = 5_000;
/** How long a client that was refused for its network waits before it tries again. */
const networkRetryMs = 5_000;
/** The last client moves when this share of the drain is over: it needs time to do so before it is cut off. */
const movingShare = 0.8;
/** How long closing waits for clients that no longer answer. */
const closeMs = 3_000;

/** The Socket.IO edge: who may connect, what they ask, and what reaches them. */
export class Gateway {
  private readonly io: ChatServer;
  private readonly deliveries: Deliveries;
  private readonly admission: Admission;
  private readonly connections = new Connections();
  private readonly meters = new WeakMap<ChatSocket["conn"], FloodMeter>();
  /** Connections that have a session, or are about to: a second one would be counted nowhere. */
  private readonly greeted = new WeakSet<ChatSocket["conn"]>();
  private readonly pauses: FloodPauses;
  private readonly rebalancing: Rebalancing;
  private readonly stops: (() => void)[];
  private isAttached = false;

  constructor(
    private readonly settings: AdmissionSettings,
    private readonly services: Services,
  ) {
    const { networks, politeRefusals } = services;
    this.pauses = new FloodPauses(services.clock);
    const isFlooding = (network: Network): boolean =>
      this.pauses.isShut(network) ||
      (networks.isSpent(network, "handshakes") && politeRefusals.tryTake(network) > 0);
    this.admission = new Admission(settings, isFlooding, services.refusals);
    this.io = new Server({
      path: "/socket.io",
      addTrailingSlash: false,
      transports: ["websocket"],
      serveClient: false,
      maxHttpBufferSize: maxFrameBytes,
      pingInterval: pingIntervalMs,
      pingTimeout: pingTimeoutMs,
      connectTimeout: helloTimeoutMs,
      perMessageDeflate: false,
      parser: { Encoder: PacketEncoder, Decoder },
      allowRequest: (request, decide) => decide(null, this.admission.admits(request)),
    });
    this.deliveries = new Deliveries((room) => new RoomDelivery(room, this.services));
    this.io.use((socket, next) => {
      const { conn } = socket;
      if (this.greeted.has(conn)) {
        rawSocketOf(socket)?.terminate();
        return;
      }
      this.greeted.add(conn);
      this.greet(socket).then(
        () => next(),
        (error: unknown) => {
          this.greeted.delete(conn);
          next(this.toConnectError(socket, error));
        },
      );
    });
    this.io.on("connection", (socket) => this.welcome(socket));
    this.rebalancing = new Rebalancing({
      ...services,
      connections: () => this.connections.all(),
      moved: services.metrics.moved,
    });
    services.metrics.watchUnsent(() => this.connections.unsent());
    this.stops = [
      services.broker.onReachable((isReachable) =>
        this.io.emit("status:changed", { degraded: !isReachable }),
      ),
      services.sessions.ends.onEnd((end) => {
        for (const connection of this.connections.all()) connection.endIfOlder(end);
      }),
    ];
  }

  attach(server: HttpServer): void {
    this.isAttached = true;
    this.io.attach(server);
    this.io.engine.on("connection", (conn: ChatSocket["conn"]) => this.meter(conn));
    this.rebalancing.start();
  }

  /**
   * Lets clients move to another replica within `drainMs`, each at its own moment. Clients that are left are closed
   * later, in the way that makes them reconnect. Resolves when every command under way has been answered, or `closeMs`
   * later.
   */
  async drain(drainMs: number): Promise<void> {
    this.admission.close();
    // Not awaited yet: a store that does not answer must not delay the clients that are to move.
    const withdrawn = this.rebalancing.close();
    for (const connection of this.connections.all())
      connection.askToMove(Math.floor(this.services.random() * drainMs * movingShare));
    await this.within(drainMs, this.connections.emptied());
    await withdrawn;
    // A client that does not read would hold its commands for half a minute.
    await this.within(closeMs, allIdle(this.connections.all()));
  }

  async close(): Promise<void> {
    for (const stop of this.stops) stop();
    this.services.refusals.close();
    const connections = this.connections.all();
    // Before it is attached there is no engine to close.
    if (!this.isAttached) return;
    // io.close() closes the engine and sends no disconnect packet, which would tell clients not to come back.
    await this.within(closeMs, this.io.close());
    // A connection with hundreds of commands queued while the store is away would delay the exit.
    await this.within(closeMs, allIdle(connections));
  }

  private within(ms: number, task: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = this.services.clock.after(ms, resolve);
      task.then(resolve, reject).finally(stop);
    });
  }

  private async greet(socket: ChatSocket): Promise<void> {
    const network = networkOf(socket.request, this.settings.trustedProxyHops);
    if (this.admission.isTooMany(socket.request))
      throw new ChatError(
        "rate_limited",
        "Too many connections from this network.",
        networkRetryMs,
        "network",
      );
    const { auth } = socket.handshake;
    // Before it costs its network anything: one tab that keeps connecting does not lock out the others.
    if (typeof auth.token === "string") this.services.handshakes.take(digestOf(auth.token));
    await this.services.networks.take(network, "handshakes");
    const { token, locale, proof } = parseHandshake(auth);
    if (!token) {
      this.pauses.admitTokenless(network);
      await this.services.newVisitors.admit(network, proof);
    }
    const name = deviceName(socket.request.headers["user-agent"]);
    const session = await this.services.sessions.open(token ?? undefined, name);
    const { visitor: id, since } = session;
    this.pauses.admitVisitor(network, id);
    const meter = this.meters.get(socket.conn);
    if (meter !== undefined) meter.visitor = id;
    socket.data = { visitor: { id, ...(since !== undefined && { since }) }, network, session, locale };
  }

  /** Counts frames before Socket.IO reads them: its own events come only after that. */
  private meter(conn: ChatSocket["conn"]): void {
    const { floods, clock } = this.services;
    if (floods === undefined) return;
    const meter = new FloodMeter(floods, clock, () => this.closeFlood(conn, meter.visitor));
    this.meters.set(conn, meter);
    conn.on("packet", ({ data }: { data?: string | Buffer }) =>
      meter.arrived(data === undefined ? 0 : Buffer.byteLength(data)),
    );
    // WebSocket pings, which ws answers by itself.
    rawSocketOf({ conn })?.on("ping", (data) => meter.arrived(data.length));
  }

  /** Sends no disconnect packet: a flooding client would not read it. */
  private closeFlood(conn: ChatSocket["conn"], visitor: VisitorId | undefined): void {
    const network = networkOf(conn.request, this.settings.trustedProxyHops);
    this.pauses.add(network, visitor);
    this.services.refusals.add("flood", network);
    this.services.metrics.closedFlood();
    rawSocketOf({ conn })?.terminate();
  }

  private toConnectError({ request }: ChatSocket, error: unknown): Error {
    const { logger, refusals, metrics } = this.services;
    const refusal = refusalOf(error, logger, "a handshake failed");
    if (refusal.code === "rate_limited")
      refusals.add("handshake", networkOf(request, this.settings.trustedProxyHops));
    const wire = refusal.toWire();
    metrics.refused(wire);
    return Object.assign(new Error(refusal.message), { data: wire });
  }

  private welcome(socket: ChatSocket): void {
    const connection = new Connection(socket, {
      services: this.services,
      deliveries: this.deliveries,
      floodMeter: this.meters.get(socket.conn),
    });
    connection.listen();
    this.connections.add(socket.id, connection);
    this.services.metrics.connected(1);
    const wasClosedByClient = watchCloseCode(socket);
    socket.on("disconnect", (reason) => {
      const isClosed = reason === "client namespace disconnect" || wasClosedByClient();
      const { closedMs, lostMs } = this.services.broker.membership.graces;
      connection.close(isClosed ? closedMs : lostMs);
      this.greeted.delete(socket.conn);
      this.forget(socket.id);
    });
    const { visitor, session } = socket.data;
    socket.emit("session:started", { visitor: { id: visitor.id }, token: session.token });
    if (!this.services.broker.isReachable()) socket.emit("status:changed", { degraded: true });
    if (this.services.sessions.ends.isEnded(session)) connection.end();
  }

  private forget(id: string): void {
    this.connections.delete(id);
    this.services.metrics.connected(-1);
  }
}

/** Short, however long a token was sent. */
const digestOf = (token: string): string => createHash("sha256").update(token).digest("base64url");

const allIdle = async (connections: Connection[]): Promise<void> =>
  void (await Promise.all(connections.map((connection) => connection.idle())));
