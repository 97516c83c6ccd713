import type { WireError } from "../../protocol/events";
import type { Broker } from "../broker/broker";
import type { Allowance } from "../chat/allowance";
import { ChatError } from "../chat/errors";
import type { Rooms } from "../chat/rooms";
import type { Logger } from "../lib/logger";
import { SerialQueue } from "../lib/serial-queue";
import type { Deliveries } from "./deliveries";
import { Membership } from "./membership";
import { type CommandName, checkText, checkTitle, type Inputs, inputs, parseInput } from "./parse";
import type { ChatSocket } from "./socket-types";

export type World = {
  rooms: Rooms;
  broker: Broker;
  deliveries: Deliveries;
  /** Bounds commands of every kind. */
  commands: Allowance;
  /** Commands that one connection may have waiting; more are refused rather than kept. */
  maxWaitingCommands: number;
  logger: Logger;
  refused(error: WireError): void;
};

type Outcome = { answer: object; afterwards?: () => void };
type Reply = (answer: object) => void;

/** One socket's commands, carried out one after another in the order they were sent. */
export class Connection {
  private readonly queue = new SerialQueue();
  private readonly membership: Membership;

  constructor(
    private readonly socket: ChatSocket,
    private readonly world: World,
  ) {
    this.membership = new Membership(socket, world);
  }

  /** Listens at once and not after anything awaited: what a client sends first is heard. */
  listen(): void {
    this.socket.onAny((event: string, ...args: unknown[]) => this.receive(event, args));
  }

  idle(): Promise<void> {
    return this.queue.idle();
  }

  /** After what is under way: a join that is still being written is taken back too. */
  close(graceMs: number): void {
    void this.queue.add(async () => this.membership.departAll(graceMs));
  }

  private receive(event: string, args: unknown[]): void {
    const last = args.at(-1);
    if (typeof last !== "function") return;
    const reply = last as Reply;
    if (this.queue.length >= this.world.maxWaitingCommands)
      this.refuse(reply, new ChatError("rate_limited", undefined, 1_000));
    else void this.queue.add(() => this.answer(event, args.slice(0, -1), reply));
  }

  private async answer(event: string, args: unknown[], reply: Reply): Promise<void> {
    try {
      this.world.commands.spend(this.socket.data.visitor.id);
      if (!isCommand(event)) throw new ChatError("bad_request", "There is no such command.");
      if (args.length !== 1) throw new ChatError("bad_request", "A command takes one object and a callback.");
      const { answer, afterwards } = await this.carryOut(event, args[0]);
      reply({ ok: true, ...answer });
      afterwards?.();
    } catch (error) {
      this.refuse(reply, error);
    }
  }

  private carryOut(event: CommandName, input: unknown): Promise<Outcome> {
    switch (event) {
      case "room:join":
        return this.join(parseInput(event, input));
      case "room:leave":
        return this.leave(parseInput(event, input));
      case "room:create":
        return this.create(parseInput(event, input));
      case "message:send":
        return this.send(parseInput(event, input));
      case "history:read":
        return this.read(parseInput(event, input));
    }
  }

  private async join({ room, cursor }: Inputs["room:join"]): Promise<Outcome> {
    const { answer, follow } = await this.membership.join({ room, ...(cursor && { cursor }) });
    return { answer, afterwards: follow };
  }

  private async leave({ room }: Inputs["room:leave"]): Promise<Outcome> {
    await this.membership.leave(room);
    return { answer: {} };
  }

  private async create({ room, title }: Inputs["room:create"]): Promise<Outcome> {
    checkTitle(title);
    return { answer: { room: await this.world.rooms.create(this.socket.data.visitor, title, room) } };
  }

  private async send(input: Inputs["message:send"]): Promise<Outcome> {
    const { room, clientMessageId, text, replyTo, since } = input;
    checkText(text);
    const draft = { clientMessageId, text, ...(replyTo && { replyTo }), ...(since && { since }) };
    const { visitor, locale } = this.socket.data;
    const guest = { visitor, locale, connection: this.socket.id };
    return { answer: await this.world.rooms.post(room, guest, draft) };
  }

  private async read({ room, before, after, limit }: Inputs["history:read"]): Promise<Outcome> {
    await this.membership.check(room);
    const range = { limit, ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
    return { answer: await this.world.rooms.history(room, range) };
  }

  /** The one place that turns an error into an ack. What nobody foresaw is logged, and told without its details. */
  private refuse(reply: Reply, error: unknown): void {
    const known = error instanceof ChatError ? error : new ChatError("internal");
    if (known.code === "internal") this.world.logger.error({ err: error }, "a command failed");
    const wire = known.toWire();
    this.world.refused(wire);
    reply({ ok: false, error: wire });
  }
}

const isCommand = (event: string): event is CommandName => Object.hasOwn(inputs, event);
