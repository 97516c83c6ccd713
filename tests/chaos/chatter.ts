import { randomUUID } from "node:crypto";
import { type ChatClient, createChatClient } from "../../components/chat/client/chat-client";
import type { Store } from "../../components/chat/client/environment";
import type { Cursor, MessageEntry, RoomId } from "../../protocol/events";
import { TcpFront } from "../support/tcp-front";
import type { VisitorLog } from "./log";
import { Wiretap } from "./wiretap";

/** A writer that is faster than its link stops at this many unsent messages. */
const mostUnsent = 40;

/** The guard withholds messages with this word; each writer uses it now and then. */
export const guardedWord = "zorblax";
const guardedEach = 50;

function memoryStore(): Store {
  const kept = new Map<string, string>();
  return {
    get: (key) => kept.get(key),
    set: (key, value) => void (value === undefined ? kept.delete(key) : kept.set(key, value)),
    keys: () => [...kept.keys()],
  };
}

/** A visitor in one room: the page's own client, without the page, over a link of its own that can be cut. */
export class Chatter {
  private readonly wiretap: Wiretap;
  private readonly client: ChatClient;
  private written = 0;
  private hasVanished = false;
  private stopTalking: () => void = () => undefined;

  private constructor(
    readonly label: string,
    readonly room: RoomId,
    readonly link: TcpFront,
  ) {
    this.wiretap = new Wiretap(link.url);
    this.client = createChatClient(room, "en", {
      now: Date.now,
      uptimeMs: () => performance.now(),
      after(ms, act) {
        const timer = setTimeout(act, ms);
        return () => clearTimeout(timer);
      },
      random: Math.random,
      newId: randomUUID,
      local: memoryStore(),
      session: memoryStore(),
      watchPage: () => () => undefined,
      watchTabs: () => () => undefined,
      alone: (_name, act) => act(),
      wantsAlerts: () => false,
      prove: () => Promise.reject(new Error("no limits, so no proofs")),
      loadSockets: async () => this.wiretap.open,
    });
    this.client.open();
  }

  static async arrive(
    label: string,
    room: RoomId,
    ports: readonly number[],
    lagMs: number,
  ): Promise<Chatter> {
    const link = await TcpFront.start([...ports]);
    link.lagMs = lagMs;
    return new Chatter(label, room, link);
  }

  get isHere(): boolean {
    return !this.hasVanished;
  }

  get isLive(): boolean {
    return this.client.getState().link.is === "live";
  }

  get cursor(): Cursor | undefined {
    return this.client.getState().feed.cursor;
  }

  /** The visitor's id, known once it has been in the room. */
  get id(): string | undefined {
    return this.client.getState().presence.self?.id;
  }

  /** Messages of others that its page shows, the newest last. */
  get heard(): MessageEntry[] {
    const { feed } = this.client.getState();
    return feed.lines.filter((line) => line.kind === "message").filter(({ by }) => by.id !== this.id);
  }

  get unsent(): number {
    return this.client.getState().outbox.length;
  }

  /** Writes a message at each interval, whether or not the link is up. */
  talk(everyMs: () => number): void {
    const write = () => {
      if (this.unsent < mostUnsent) {
        this.written += 1;
        const word = this.written % guardedEach === 0 ? guardedWord : "안녕하세요";
        this.client.send(`${this.label} #${this.written} ${word}`);
      }
      timer = setTimeout(write, everyMs());
    };
    let timer = setTimeout(write, everyMs());
    this.stopTalking = () => clearTimeout(timer);
  }

  hush(): void {
    this.stopTalking();
  }

  /** Reads older pages until there are no older entries. */
  async readBack(): Promise<void> {
    for (let lines = -1; ; ) {
      const { feed } = this.client.getState();
      if (!feed.hasOlder || feed.lines.length === lines) return;
      lines = feed.lines.length;
      await this.client.readOlder();
    }
  }

  cut(): void {
    this.link.cut();
  }

  /** From now on the server gets its messages, but it receives nothing: neither acks nor the end of the connection. */
  deafen(): void {
    this.link.deafen();
  }

  hearAgain(): void {
    this.link.heal();
  }

  /** Vanishes for good without a packet, as a phone with an empty battery. */
  async vanish(): Promise<void> {
    this.hush();
    this.hasVanished = true;
    const isClosed = this.link.close();
    // A closed page sends nothing, but this client stays open until its outbox is empty: empty it.
    for (const { clientMessageId } of this.client.getState().outbox) this.client.discard(clientMessageId);
    this.client.close();
    await isClosed;
  }

  leave(): void {
    this.client.close();
  }

  log(): VisitorLog {
    const { feed, presence } = this.client.getState();
    return {
      label: this.label,
      room: this.room,
      hasVanished: this.hasVanished,
      lines: this.wiretap.lines,
      shown: this.hasVanished ? undefined : feed.lines,
      members: this.hasVanished ? undefined : [...presence.members.keys()],
    };
  }
}
