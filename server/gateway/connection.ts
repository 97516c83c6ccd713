import type { Duplex } from "node:stream";
import type { ServerToClient, VisitorId } from "../../protocol/events";
import type { Session } from "../accounts/session";
import { ChatError } from "../errors";
import type { Clock } from "../lib/clock";
import type { Pace } from "../lib/pace";
import { SerialQueue } from "../lib/serial-queue";
import { AvoidableRefusals } from "./avoidable-refusals";
import { leaveBannedRooms, leaveLostRooms } from "./banned-rooms";
import { CommandQueue } from "./command-queue";
import type { CommandCaller } from "./commands/command";
import { carryOut, type ReadCommand, readCommand, textBytesOf } from "./commands/commands";
import type { Deliveries } from "./deliveries";
import type { FloodMeter } from "./flood-meter";
import { SocketInboxListener } from "./inbox-listener";
import { JoinedRooms } from "./joined-rooms";
import { openStreamOf, ping, rawSocketOf } from "./raw-socket";
import { refusalOf } from "./refusal";
import { SendBacklog, type SendBacklogOwner } from "./send-backlog";
import type { Services } from "./services";
import type { ChatSocket } from "./socket-types";

/** What all connections have in common. `joins`: the pace of all their joins. */
export type SharedByConnections = Services & { deliveries: Deliveries; joins: Pace };

type Reply = (answer: object) => void;

/**
 * One socket's commands, carried out one after another in the order they were sent. Most connections say nothing for hours:
 * what a command needs is made when one comes.
 */
export class Connection implements SendBacklogOwner {
  readonly backlog: SendBacklog;
  private readonly queue: CommandQueue;
  private readonly membership: JoinedRooms;
  private readonly inboxListener: SocketInboxListener;
  private avoidable: AvoidableRefusals | undefined;
  private hasEnded = false;
  private isAnswering = false;

  /** `floodMeter` counts what arrives over this connection; undefined when nothing is bounded. */
  constructor(
    private readonly socket: ChatSocket,
    private readonly services: SharedByConnections,
    private readonly floodMeter: FloodMeter | undefined,
  ) {
    this.queue = new CommandQueue(services.queueBounds);
    this.backlog = new SendBacklog(socket.conn, this);
    const recipient = { socket, backlog: this.backlog, turns: new SerialQueue() };
    this.membership = new JoinedRooms(recipient, services);
    this.inboxListener = new SocketInboxListener(socket, this.backlog);
    const { visitor, isNew } = socket.data;
    services.inboxes.arrive(visitor.id, this.inboxListener, { isNew });
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

  /**
   * ID-1: ends the connection if its token was ended: it is of an older generation of this visitor or device. Behind the
   * answer of the command under way, which may itself have ended the token: this replica hears of that from the store first.
   */
  endIfOlder({ visitor, generation, device }: Session): void {
    const { session } = this.socket.data;
    const isMeant = session.visitor === visitor && (device === undefined || session.device === device);
    if (!isMeant || session.generation >= generation) return;
    this.hasEnded = true;
    if (!this.isAnswering || this.backlog.isSlow) this.end();
  }

  /** O-6: of the owner and moderators only. */
  tellOfReport(report: Parameters<ServerToClient["report:added"]>[0]): void {
    this.socket.emit("report:added", report);
  }

  /** O-4: ends the connection of a visitor that is banned, or takes it out of the rooms from which it is banned. */
  reviewBans(): void {
    const { moderation } = this.services;
    if (moderation.isBanned(this.socket.data)) this.end();
    // Behind a join that is under way.
    else if (moderation.hasRoomBans) this.queue.addLast(() => leaveBannedRooms(this.connected(), moderation));
  }

  /** O-4: the store has taken the visitor out of rooms. */
  reviewExpulsion(): void {
    this.queue.addLast(() => leaveLostRooms(this.connected(), this.services.moderation));
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
    this.services.inboxes.depart(this.socket.data.visitor.id, this.inboxListener, grace);
    this.queue.addLast(async () => this.membership.departAll(grace));
  }

  get visitor(): VisitorId {
    return this.socket.data.visitor.id;
  }

  get clock(): Clock {
    return this.services.clock;
  }

  stream(): Duplex | undefined {
    return openStreamOf(this.socket.conn);
  }

  ping(): void {
    ping(this.socket);
  }

  slowed(): void {
    if (this.hasEnded) this.end();
    this.membership.slowDown();
  }

  /** W-7: sends no disconnect packet, so that a client that is still alive reconnects and resumes. */
  overdue(): void {
    const { unsentBytes } = this.backlog;
    this.services.logger.info({ unsentBytes }, "closed a connection that does not read");
    this.services.metrics.closedSlow();
    rawSocketOf(this.socket)?.terminate();
  }

  /** W-5: every command counts against the rate on arrival, even one that is refused unread or has no callback. */
  private receive(event: string, args: unknown[]): void {
    const { floodMeter } = this;
    const { commandRate, clock } = this.services;
    if (floodMeter?.isFlooded) return;
    const last = args.at(-1);
    const reply = typeof last === "function" ? (last as Reply) : undefined;
    const waitMs = Math.max(floodMeter?.waitMs() ?? 0, commandRate.tryTake(this.socket.data.visitor.id));
    if (waitMs > 0) void this.refuseUnread(reply, waitMs);
    if (waitMs > 0 || reply === undefined) return;
    const command = readCommand(event, args.slice(0, -1));
    const cameAt = clock.now();
    const task = async () => {
      this.isAnswering = true;
      await this.answer(command, reply, cameAt);
      this.isAnswering = false;
      if (this.hasEnded) this.end();
      if ("name" in command) this.services.metrics.commandTook(command.name, clock.now() - cameAt);
    };
    if (!this.queue.add(textBytesOf(command), task)) void this.refuseUnread(reply, 1_000);
  }

  private connected() {
    const { socket, backlog, membership } = this;
    return { socket, backlog, membership };
  }

  private caller(): CommandCaller {
    const { data, id: connection } = this.socket;
    const { visitor, network, session, locale } = data;
    return { visitor, network, session, locale, connection, membership: this.membership };
  }

  private avoidableRefusals(): AvoidableRefusals {
    const { floodMeter } = this;
    const { networks, clock } = this.services;
    const { network } = this.socket.data;
    this.avoidable ??= new AvoidableRefusals({ floodMeter, network, networks, clock });
    return this.avoidable;
  }

  private async refuseUnread(reply: Reply | undefined, waitMs: number): Promise<void> {
    void this.avoidableRefusals().add();
    while (this.backlog.isSlow) await this.backlog.drained();
    this.sendRefusal(reply, new ChatError("rate_limited", undefined, waitMs));
  }

  private async answer(command: ReadCommand, reply: Reply, cameAt: number): Promise<void> {
    try {
      // Run nothing for a client that does not read. If it stops reading meanwhile, hold back the answer.
      while (this.backlog.isSlow) await this.backlog.drained();
      if ("fault" in command) throw command.fault;
      await this.services.sessions.confirm(this.socket.data.session);
      if (!this.services.moderation.isFresh) await this.services.moderation.refresh();
      const { answer, afterwards } = await carryOut(this.services, this.caller(), command);
      while (this.backlog.isSlow) await this.backlog.drained();
      reply({ ok: true, ...answer });
      afterwards?.();
    } catch (error) {
      const refusal = this.refuse(reply, error);
      void this.avoidableRefusals().refused(refusal, "name" in command ? command.name : "", cameAt);
    }
  }

  private refuse(reply: Reply, error: unknown): ChatError {
    const refusal = refusalOf(error, this.services.logger, "a command failed");
    this.sendRefusal(reply, refusal);
    return refusal;
  }

  /** The one place that sends a refusal. */
  private sendRefusal(reply: Reply | undefined, error: ChatError): void {
    const wire = error.toWire();
    this.services.metrics.refused(wire);
    if (error.scope === "network") this.services.refusals.add("budget", this.socket.data.network);
    reply?.({ ok: false, error: wire });
  }
}
