import type { Server as HttpServer, IncomingMessage } from "node:http";
import { Server } from "socket.io";
import { Decoder } from "socket.io-parser";
import type { RoomId } from "../../protocol/events";
import { maxFrameBytes } from "../../protocol/limits";
import type { Network } from "../lib/network";
import { Pace } from "../lib/pace";
import { Admission, type AdmissionSettings } from "./admission";
import { wasClosedByClient } from "./close-code";
import { Connection, type SharedByConnections } from "./connection";
import { Connections } from "./connections";
import { Deliveries } from "./deliveries";
import { corkThisTurn } from "./end-of-turn";
import { FloodMeters } from "./flood-meters";
import { FloodPauses } from "./flood-pauses";
import { followModeration } from "./follow-moderation";
import { Greetings } from "./greetings";
import { Heartbeats } from "./heartbeats";
import { dropSpares } from "./lean-socket";
import { PacketEncoder } from "./packet-encoder";
import { openStreamOf, rawSocketOf } from "./raw-socket";
import { Rebalancing } from "./rebalancing";
import { mostRecentBytes, RecentBytes } from "./recent-bytes";
import { RoomDelivery } from "./room-delivery";
import type { Services } from "./services";
import type { ChatServer, ChatSocket } from "./socket-types";
import { takeUpgrades } from "./upgrades";

const chatPath = "/socket.io";
/** N-2: a dropped network is detected within the sum of the two, which stays below 15 s. */
const pingIntervalMs = 8_000;
const pingTimeoutMs = 6_000;
/** A connection that is refused, or never says hello, is closed after this time. */
const helloTimeoutMs = 5_000;
/** The last client moves when this share of the drain is over: it needs time to do so before it is cut off. */
const movingShare = 0.8;
/**
 * How many connections, and how many joins, begin in one turn of the event loop: together they take up to 15 ms, which is how
 * long a message waits behind them while a crowd comes back. With twice as many the crowd is back no sooner.
 */
const arrivalsEachTurn = 2;
/** How long closing waits for clients that no longer answer. */
const closeMs = 3_000;

/** The Socket.IO edge: admits clients, carries out their commands, and delivers to them. */
export class Gateway {
  private readonly io: ChatServer;
  private readonly deliveries: Deliveries;
  private readonly admission: Admission;
  private readonly connections = new Connections();
  private readonly meters: FloodMeters;
  private readonly heartbeats: Heartbeats;
  private readonly greetings: Greetings;
  /** Connections that have a session, or are about to: a second one would be counted nowhere. */
  private readonly greeted = new WeakSet<ChatSocket["conn"]>();
  private readonly rebalancing: Rebalancing;
  private readonly arrivals = new Pace(arrivalsEachTurn);
  private readonly shared: SharedByConnections;
  private readonly stops: (() => void)[];
  private isAttached = false;

  constructor(
    settings: AdmissionSettings,
    private readonly services: Services,
  ) {
    const { networks, politeRefusals } = services;
    const pauses = new FloodPauses(services.clock);
    const isFlooding = (network: Network): boolean =>
      pauses.isShut(network) ||
      (networks.isSpent(network, "handshakes") && politeRefusals.tryTake(network) > 0);
    this.admission = new Admission(settings, isFlooding, services.refusals);
    this.meters = new FloodMeters(settings, pauses, services);
    this.heartbeats = new Heartbeats(services.clock, pingIntervalMs);
    this.greetings = new Greetings(settings, {
      ...services,
      admission: this.admission,
      pauses,
      meters: this.meters,
    });
    this.io = new Server({
      path: chatPath,
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
    const deliveryOptions = { ...services, recentBytes: new RecentBytes(mostRecentBytes) };
    this.deliveries = new Deliveries((room) => new RoomDelivery(room, deliveryOptions));
    this.shared = { ...services, deliveries: this.deliveries, joins: new Pace(arrivalsEachTurn) };
    this.io.use((socket, next) => {
      this.greet(socket, next);
    });
    this.io.on("connection", (socket) => this.welcome(socket));
    this.rebalancing = new Rebalancing({
      ...services,
      connections: () => this.connections.all(),
      moved: services.metrics.moved,
    });
    services.metrics.watchUnsent(() => this.connections.unsent());
    services.moderation.onRoomChange((room) => void this.tellOfRoom(room));
    followModeration(this.connections, services.moderation);
    this.stops = [
      services.store.onReachable((isReachable) => this.io.emit("status:changed", { degraded: !isReachable })),
      services.sessions.ends.onEnd((end) => {
        for (const connection of this.connections.of(end.visitor)) connection.endIfOlder(end);
      }),
    ];
  }

  attach(server: HttpServer): void {
    this.isAttached = true;
    takeUpgrades(server, { isOwn: isOfChat, pace: this.arrivals }, () => this.io.attach(server));
    this.io.engine.on("connection", (conn: ChatSocket["conn"]) => {
      this.heartbeats.take(conn);
      this.meters.watch(conn);
    });
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

  /** O-5: tells the members that this replica has that the room has other rules or another title. */
  private async tellOfRoom(room: RoomId): Promise<void> {
    const delivery = this.deliveries.find(room);
    if (delivery === undefined) return;
    try {
      delivery.roomChanged(await this.services.moderation.rules.openRoom(room));
    } catch (error) {
      this.services.logger.debug({ err: error }, "could not announce that a room has changed");
    }
  }

  private within(ms: number, task: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = this.services.clock.after(ms, resolve);
      task.then(resolve, reject).finally(stop);
    });
  }

  private greet(socket: ChatSocket, next: (error?: Error) => void): void {
    const { conn } = socket;
    if (this.greeted.has(conn)) {
      rawSocketOf(socket)?.terminate();
      return;
    }
    this.greeted.add(conn);
    this.greetings.greet(socket).then(
      () => {
        const stream = openStreamOf(conn);
        // The answer and what `welcome` sends leave together.
        if (stream !== undefined) corkThisTurn(stream);
        next();
      },
      (error: unknown) => {
        this.greeted.delete(conn);
        next(this.greetings.toConnectError(socket, error));
      },
    );
  }

  private welcome(socket: ChatSocket): void {
    const connection = new Connection(socket, this.shared, this.meters.of(socket.conn));
    connection.listen();
    this.connections.add(socket.id, connection);
    this.services.metrics.connected(1);
    socket.on("disconnect", (reason) => {
      const isClosed = reason === "client namespace disconnect" || wasClosedByClient(socket);
      // Another session over the same connection would find this one's listeners.
      if (reason === "client namespace disconnect") socket.conn.close();
      const { closedMs, lostMs } = this.services.broker.membership.graces;
      connection.close(isClosed ? closedMs : lostMs);
      this.forget(socket.id);
    });
    dropSpares(socket);
    const { visitor, session, token = "" } = socket.data;
    socket.emit("session:started", { visitor: { id: visitor.id }, token });
    // The client has it from now on.
    socket.data.token = undefined;
    if (!this.services.store.isReachable()) socket.emit("status:changed", { degraded: true });
    if (this.services.sessions.ends.isEnded(session)) connection.end();
    else connection.reviewBans();
  }

  private forget(id: string): void {
    this.connections.delete(id);
    this.services.metrics.connected(-1);
  }
}

const allIdle = async (connections: Connection[]): Promise<void> =>
  void (await Promise.all(connections.map((connection) => connection.idle())));

const isOfChat = ({ url = "" }: IncomingMessage): boolean =>
  url.startsWith(chatPath) && ["", "/", "?"].includes(url.charAt(chatPath.length));
