import type { WireError } from "../../protocol/events";
import type { Session } from "../accounts/account-store";
import type { Forgetting } from "../accounts/forgetting";
import type { Sessions } from "../accounts/sessions";
import type { Broker } from "../broker/broker";
import type { Conversations } from "../direct/conversations";
import type { Inboxes } from "../direct/inboxes";
import { ChatError } from "../errors";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import { SerialQueue } from "../lib/serial-queue";
import type { NetworkBudget } from "../limits/network-budget";
import type { Newcomers } from "../limits/newcomers";
import type { RateLimit } from "../limits/rate-limit";
import type { HistoryPages } from "../rooms/history-pages";
import type { RoomList } from "../rooms/list";
import type { Rooms } from "../rooms/rooms";
import { CommandQueue, type QueueBounds } from "./command-queue";
import type { Asker } from "./commands/command";
import { carryOut } from "./commands/handlers";
import type { Deliveries } from "./deliveries";
import type { FrameMeter } from "./frame-meter";
import { SocketInboxListener } from "./inbox-listener";
import { Membership } from "./membership";
import { OwnFaults } from "./own-faults";
import { type Command, type CommandName, parseCommand } from "./parse";
import { ping, rawSocketOf } from "./raw-socket";
import type { RefusalLog } from "./refusal-log";
import { SendBacklog } from "./send-backlog";
import type { ChatSocket } from "./socket-types";

export type ConnectionOptions = {
  rooms: Rooms;
  roomList: RoomList;
  conversations: Conversations;
  inboxes: Inboxes;
  broker: Broker;
  sessions: Sessions;
  forgetting: Forgetting;
  history: HistoryPages;
  rare: Asker["rare"];
  networks: NetworkBudget;
  newcomers: Newcomers;
  deliveries: Deliveries;
  /** Bounds commands of every kind. */
  commands: RateLimit;
  /** Counts what arrives over this connection; undefined when nothing is bounded. */
  frames: FrameMeter | undefined;
  /** How much one connection may have queued; more is refused. */
  waiting: QueueBounds;
  clock: Clock;
  logger: Logger;
  refused(error: WireError): void;
  refusals: Pick<RefusalLog, "add">;
  /** Called when a connection was closed because it did not read. */
  closedSlow(): void;
  /** How long a command took, from its arrival to its answer. */
  answered(command: CommandName, tookMs: number): void;
};

type Reply = (answer: object) => void;
type Parsed = Command | { fault: unknown };

/** One socket's commands, carried out one after another in the order they were sent. */
export class Connection {
  readonly backlog: SendBacklog;
  private readonly queue: CommandQueue;
  private readonly membership: Membership;
  private readonly asker: Asker;
  private readonly faults: OwnFaults;
  private hasEnded = false;
  private readonly leaveInbox: (graceMs: number) => void;

  constructor(
    private readonly socket: ChatSocket,
    private readonly options: ConnectionOptions,
  ) {
    this.queue = new CommandQueue(options.waiting);
    this.backlog = new SendBacklog(socket.conn, {
      clock: options.clock,
      ping: () => ping(socket),
      slowed: () => this.membership.slowDown(),
      overdue: () => this.cutOff(),
    });
    this.membership = new Membership({ socket, backlog: this.backlog, turns: new SerialQueue() }, options);
    const { membership } = this;
    const { visitor, network, session, locale } = socket.data;
    const { rooms, roomList, conversations, inboxes, sessions, forgetting, history } = options;
    const { rare, networks, newcomers } = options;
    const services = { rooms, roomList, conversations, inboxes, sessions, forgetting, history };
    const limits = { rare, networks, newcomers };
    this.asker = {
      visitor,
      network,
      session,
      locale,
      connection: socket.id,
      membership,
      ...services,
      ...limits,
    };
    this.faults = new OwnFaults({ frames: options.frames, network, networks, clock: options.clock });
    this.leaveInbox = inboxes.arrive(visitor.id, new SocketInboxListener(socket, this.backlog));
  }

  /** Called before anything is awaited: otherwise the client's first commands would be lost. */
  listen(): void {
    this.socket.onAny((event: string, ...args: unknown[]) => this.receive(event, args));
  }

  idle(): Promise<void> {
    return this.queue.idle();
  }

  /** Asks the client to connect again, to any replica, within `afterMs`, and then to close this connection. */
  askToMove(afterMs: number): void {
    this.socket.emit("replica:draining", { afterMs });
  }

  /** ID-1: ends the connection if its token was ended: it is of an older generation of this visitor or device. */
  endIfOlder({ visitor, generation, device }: Session): void {
    const { session } = this.socket.data;
    const isMeant = session.visitor === visitor && (device === undefined || session.device === device);
    if (isMeant && session.generation < generation) this.end();
  }

  /**
   * Sends no disconnect packet, so the client reconnects, is refused for its token, and reconnects as a new visitor.
   */
  end(): void {
    this.hasEnded = true;
    if (this.backlog.isSlow) rawSocketOf(this.socket)?.terminate();
    else this.socket.conn.close();
  }

  /** Departs after the queued commands, so that a join still being written is undone too. */
  close(graceMs: number): void {
    // A graceful close would hold the stuck buffer until the close times out.
    if (this.backlog.isSlow) rawSocketOf(this.socket)?.terminate();
    const grace = this.hasEnded ? 0 : graceMs;
    this.leaveInbox(grace);
    this.queue.addLast(async () => this.membership.departAll(grace));
  }

  /** W-7: sends no disconnect packet, so that a client that is still alive reconnects and resumes. */
  private cutOff(): void {
    const { unsentBytes } = this.backlog;
    this.options.logger.info({ unsentBytes }, "closed a connection that does not read");
    this.options.closedSlow();
    rawSocketOf(this.socket)?.terminate();
  }

  /** W-5: every command counts against the rate on arrival, even one that is refused unread or has no callback. */
  private receive(event: string, args: unknown[]): void {
    const { frames, commands, clock } = this.options;
    if (frames?.isFlooded) return;
    const last = args.at(-1);
    const reply = typeof last === "function" ? (last as Reply) : undefined;
    const waitMs = Math.max(frames?.waitMs() ?? 0, commands.tryTake(this.socket.data.visitor.id));
    if (waitMs > 0) void this.refuseUnread(reply, waitMs);
    if (waitMs > 0 || reply === undefined) return;
    const command = parsed(event, args.slice(0, -1));
    const cameAt = clock.now();
    const task = async () => {
      await this.answer(command, reply, cameAt);
      if ("name" in command) this.options.answered(command.name, clock.now() - cameAt);
    };
    if (!this.queue.add(bytesOf(command), task)) void this.refuseUnread(reply, 1_000);
  }

  private async refuseUnread(reply: Reply | undefined, waitMs: number): Promise<void> {
    void this.faults.add();
    while (this.backlog.isSlow) await this.backlog.drained();
    this.tell(reply, new ChatError("rate_limited", undefined, waitMs));
  }

  private async answer(command: Parsed, reply: Reply, cameAt: number): Promise<void> {
    try {
      // Run nothing for a client that does not read. If it stops reading meanwhile, hold back the answer.
      while (this.backlog.isSlow) await this.backlog.drained();
      if ("fault" in command) throw command.fault;
      await this.options.sessions.confirm(this.socket.data.session);
      const { answer, afterwards } = await carryOut(this.asker, command);
      while (this.backlog.isSlow) await this.backlog.drained();
      reply({ ok: true, ...answer });
      afterwards?.();
    } catch (error) {
      const refusal = this.refuse(reply, error);
      void this.faults.refused(refusal, "name" in command ? command.name : "", cameAt);
    }
  }

  private refuse(reply: Reply, error: unknown): ChatError {
    const known = error instanceof ChatError ? error : new ChatError("internal");
    if (known.code === "internal") this.options.logger.error({ err: error }, "a command failed");
    this.tell(reply, known);
    return known;
  }

  /** The one place that turns an error into an ack. The client is not told the details of an unexpected error. */
  private tell(reply: Reply | undefined, error: ChatError): void {
    const wire = error.toWire();
    this.options.refused(wire);
    if (error.scope === "network") this.options.refusals.add("budget", this.socket.data.network);
    reply?.({ ok: false, error: wire });
  }
}

/**
 * Parses before queueing, so that only known fields are kept. A parse error is thrown in the command's turn: rates come
 * first (W-6).
 */
function parsed(event: string, args: unknown[]): Parsed {
  try {
    return parseCommand(event, args);
  } catch (fault) {
    return { fault };
  }
}

/** Counts only the strings: the limit on the number of commands bounds the rest. */
function bytesOf(command: Parsed): number {
  if ("fault" in command) return 0;
  const strings = Object.values(command.input).filter((value) => typeof value === "string");
  return strings.reduce((bytes, text) => bytes + Buffer.byteLength(text), 0);
}
