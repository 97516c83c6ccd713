import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Socket } from "socket.io-client";
import type {
  Ack,
  ClientToServer,
  Cursor,
  Entry,
  JoinAnswer,
  Receipt,
  RoomId,
  ServerToClient,
} from "../../protocol/events";
import { FeedLog } from "./feed-log";
import { Watch } from "./watch";
import {
  closeWebSocket,
  dropTcp,
  openSocket,
  readOn,
  stopReading,
  type VisitorOptions,
  writeFrame,
} from "./wire-socket";

type CommandName = keyof ClientToServer;
type Input<Name extends CommandName> = Parameters<ClientToServer[Name]>[0];
type AckOf<Name extends CommandName> = Parameters<Parameters<ClientToServer[Name]>[1]>[0];
type Answer<Name extends CommandName> = Extract<AckOf<Name>, { ok: true }>;
type EventName = keyof ServerToClient;
type EventOf<Name extends EventName> = Parameters<ServerToClient[Name]>[0];

/** A replica that does not answer a command within this time never will. */
const answerMs = 15_000;
/** Every expected event comes sooner, even on a busy machine. */
const patienceMs = 30_000;

/** Returns the answer; throws if it is a refusal. */
export function accepted<T extends object>(ack: Ack<T>): { ok: true } & T {
  if (ack.ok) return ack;
  throw new Error(`refused: ${ack.error.code}: ${ack.error.message}`);
}

/** A visitor that speaks only the public protocol, and keeps everything that it received. */
export class WireVisitor {
  readonly socket: Socket;
  id = "";
  token = "";
  /** The client library's reason for the end of the connection. */
  disconnectReason = "";
  /** Every event, in order of arrival. */
  readonly events: { name: string; body: unknown }[] = [];
  private readonly logs = new Map<RoomId, FeedLog>();
  private readonly watch = new Watch();

  constructor(options: VisitorOptions) {
    const { token = "", locale, auth, reconnection } = options;
    this.token = token;
    const handshake = () => ({
      protocol: 1,
      ...(this.token === "" ? {} : { token: this.token }),
      ...(locale === undefined ? {} : { locale }),
    });
    this.socket = openSocket(options, () => auth ?? handshake());
    this.socket.onAny((name: string, body: unknown) => this.take(name, body));
    for (const name of ["connect", "disconnect", "connect_error"])
      this.socket.on(name, () => this.watch.changed());
    this.socket.on("disconnect", (reason) => {
      this.disconnectReason = reason;
    });
    if (reconnection) this.socket.on("connect", () => this.rejoinAll());
  }

  /** The log of everything it received of a room. */
  log(room: RoomId): FeedLog {
    const log = this.logs.get(room) ?? new FeedLog();
    this.logs.set(room, log);
    return log;
  }

  /** Sends a command, and resolves with its answer or refusal. */
  ask<Name extends CommandName>(name: Name, input: Input<Name>): Promise<AckOf<Name>> {
    return this.askRaw(name, input) as Promise<AckOf<Name>>;
  }

  /** The same, for input that no honest client sends. */
  askRaw(name: string, ...input: unknown[]): Promise<Ack> {
    return new Promise((resolve, reject) => {
      this.socket.timeout(answerMs).emit(name, ...input, (error: Error | null, ack: Ack) => {
        if (error) reject(new Error(`${name} was not answered`));
        else resolve(ack);
      });
    });
  }

  join(room: RoomId, cursor?: Cursor): Promise<JoinAnswer> {
    const input = { room, ...(cursor === undefined ? {} : { cursor }) };
    return new Promise((resolve, reject) => {
      // The log is written in the callback itself: an event that follows must find it there.
      const take = (error: Error | null, ack: Ack<JoinAnswer>) => {
        if (error) return reject(error);
        if (!ack.ok) return reject(new Error(`join refused: ${ack.error.code}`));
        this.log(room).join(cursor !== undefined, ack.entries, ack.cursor, ack.gap);
        this.watch.changed();
        resolve(ack);
      };
      this.socket.timeout(answerMs).emit("room:join", input, take);
    });
  }

  async say(room: RoomId, text: string, clientMessageId: string = randomUUID()): Promise<Receipt> {
    return accepted(await this.ask("message:send", { room, text, clientMessageId }));
  }

  async must<Name extends CommandName>(name: Name, input: Input<Name>): Promise<Answer<Name>> {
    return accepted((await this.ask(name, input)) as Ack<object>) as Answer<Name>;
  }

  /** Waits until the predicate returns a value; it is checked after each event of this visitor. */
  waitFor<T>(what: string, predicate: () => T | undefined | false, timeoutMs = patienceMs): Promise<T> {
    return this.watch.waitFor(what, predicate, timeoutMs);
  }

  /** Waits for an entry of a room's feed, which may have come already. */
  entry(room: RoomId, matches: (entry: Entry) => boolean, timeoutMs = patienceMs): Promise<Entry> {
    const find = () => this.log(room).entries.find(matches);
    return this.waitFor(`an entry ${matches} in ${room}`, find, timeoutMs);
  }

  /** Waits for an event, which may have come already. */
  event<Name extends EventName>(
    name: Name,
    matches: (body: EventOf<Name>) => boolean = () => true,
    timeoutMs = patienceMs,
  ): Promise<EventOf<Name>> {
    const bodies = () => this.events.filter((event) => event.name === name).map((event) => event.body);
    return this.waitFor(`${name} ${matches}`, () => (bodies() as EventOf<Name>[]).find(matches), timeoutMs);
  }

  gone(timeoutMs = patienceMs): Promise<true> {
    return this.waitFor("the end of the connection", () => !this.socket.connected, timeoutMs);
  }

  /** Writes one raw frame, past every check that keeps a client honest. */
  writeRaw(frame: string | Buffer): void {
    writeFrame(this.socket, frame);
  }

  /**
   * Stops reading, like a phone that hangs. It does so right after a ping, which leaves 14 s before the server ends the
   * connection for a missing pong.
   */
  async stopReading(): Promise<void> {
    await new Promise<void>((resolve) => this.socket.io.once("ping", resolve));
    stopReading(this.socket);
  }

  readOn(): void {
    readOn(this.socket);
  }

  /** Ends the connection with a disconnect packet. */
  close(): void {
    this.socket.disconnect();
  }

  /**
   * Closes as a browser's tab does: by a WebSocket close without a disconnect packet. Without a code the server sees 1005.
   */
  closeTab(code?: number): void {
    closeWebSocket(this.socket, code);
  }

  /** Ends the TCP connection without a close frame. */
  vanish(): void {
    dropTcp(this.socket);
  }

  private rejoinAll(): void {
    for (const [room, { cursor }] of this.logs) if (cursor.epoch !== "") void this.rejoin(room);
  }

  /** Joins again, and retries while a replica cannot answer, for as long as this connection lasts. */
  private async rejoin(room: RoomId): Promise<void> {
    const connection = this.socket.id;
    while (this.socket.id === connection) {
      const isBack = await this.join(room, this.log(room).cursor).then(
        () => true,
        () => false,
      );
      if (isBack) return;
      await pause(200);
    }
  }

  private take(name: string, body: unknown): void {
    this.events.push({ name, body });
    if (name === "session:started") {
      const { visitor, token } = body as EventOf<"session:started">;
      this.id = visitor.id;
      this.token = token;
    }
    if (name === "feed:appended") {
      const { room, epoch, entries } = body as EventOf<"feed:appended">;
      this.log(room).append(epoch, entries);
    }
    if (name === "feed:gap") {
      const { room, gap, cursor } = body as EventOf<"feed:gap">;
      this.log(room).skip(gap, cursor);
    }
    this.watch.changed();
  }
}

/** Connects, and waits for the session; a refusal rejects with the server's message. */
export async function connectVisitor(options: VisitorOptions): Promise<WireVisitor> {
  const visitor = new WireVisitor(options);
  const refusal = new Promise<never>((_, reject) => {
    if (!options.reconnection) visitor.socket.once("connect_error", reject);
  });
  try {
    await Promise.race([visitor.event("session:started"), refusal]);
  } catch (error) {
    visitor.close();
    throw error;
  }
  return visitor;
}

/** Resolves with the connected visitor, or with the reason why it was refused: the error of `connect_error`, or its message. */
export const attempt = (options: VisitorOptions) =>
  connectVisitor(options).then(
    (visitor) => visitor,
    (error: Error & { data?: unknown }) => error.data ?? error.message,
  );
