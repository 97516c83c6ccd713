import type { RoomId } from "../../../../protocol/events";
import type { StoreConnection } from "../../../redis/connection";
import type { Keys } from "../../../redis/keys";
import type { WhenFullScript } from "../../../redis/scripts";
import type { LeaveGraces } from "../../membership";
import type { ConnectionKey } from "./connection-key";

/** The most departures that one round carries out. */
const departuresPerRound = 500;

export type LeaveDeadline = { room: RoomId; connectionKey: ConnectionKey; graceMs: number };

/** How many departures one command takes: a script unpacks fewer than 8,000 arguments. */
const departuresAtOnce = 1_000;

type LeaveDeadlinesOptions = {
  redis: StoreConnection;
  keys: Keys;
  runWhenFull: WhenFullScript;
  graces: LeaveGraces;
};

/**
 * Connections that are to leave, and when by the store's clock. Any replica carries them out, so the one that added
 * them may be gone by then.
 */
export class LeaveDeadlines {
  private unsent: LeaveDeadline[] = [];
  private underWay: LeaveDeadline[] = [];
  private sending: Promise<void> = Promise.resolve();
  /** Why due departures are held back: the store is away (`on`), or came back at `since` by its own clock (`over`). */
  private outage: { is: "none" } | { is: "on" } | { is: "over"; since: number } = { is: "none" };

  constructor(private readonly options: LeaveDeadlinesOptions) {}

  /** True while the store has not confirmed every departure. */
  get areWaiting(): boolean {
    return this.unsent.length > 0 || this.underWay.length > 0;
  }

  add(deadline: LeaveDeadline): void {
    this.unsent.push(deadline);
  }

  /**
   * Throws the store's error, and keeps the departures it did not take. Batches go one after another: the caller also
   * waits for those under way.
   */
  send(): Promise<void> {
    const sent = this.sending.then(() => this.sendBatch());
    this.sending = sent.catch(() => undefined);
    return sent;
  }

  /** Call while the store does not answer. */
  interrupt(): void {
    this.outage = { is: "on" };
  }

  /** The keys of connections that are due, by room. */
  async due(): Promise<Map<RoomId, ConnectionKey[]>> {
    const { redis, keys } = this.options;
    const now = await this.options.redis.now();
    const from = this.earliest(now);
    const lines = await redis.zrangebyscore(keys.leaveDeadlines, from, now, "LIMIT", 0, departuresPerRound);
    const rooms = new Map<RoomId, ConnectionKey[]>();
    for (const line of lines) {
      const [connectionKey = "", room = ""] = line.split(" ");
      const connectionKeys = rooms.get(room) ?? [];
      connectionKeys.push(connectionKey);
      rooms.set(room, connectionKeys);
    }
    return rooms;
  }

  /** Puts off departures of a room that cannot be written now. */
  async postpone(room: RoomId, connectionKeys: ConnectionKey[], graceMs: number): Promise<void> {
    await this.enlist(connectionKeys.map((connectionKey) => ({ room, connectionKey, graceMs })));
  }

  /** Call only after they were carried out: if this replica dies in between, another one repeats them. */
  async done(room: RoomId, connectionKeys: ConnectionKey[]): Promise<void> {
    const lines = connectionKeys.map((connectionKey) => lineOf({ room, connectionKey }));
    await this.options.redis.zrem(this.options.keys.leaveDeadlines, ...lines);
  }

  /**
   * N-3: no visitor leaves because the store was away. A visitor that reloaded meanwhile could not come back, so
   * departures due until `closedMs` after the store's return wait until `lostMs` after it.
   */
  private earliest(now: number): string {
    const { closedMs, lostMs } = this.options.graces;
    if (this.outage.is === "on") this.outage = { is: "over", since: now };
    if (this.outage.is === "over" && now - this.outage.since > lostMs) this.outage = { is: "none" };
    return this.outage.is === "over" ? `(${this.outage.since + closedMs}` : "-inf";
  }

  private async sendBatch(): Promise<void> {
    this.underWay = this.unsent;
    this.unsent = [];
    try {
      if (this.underWay.length > 0) await this.enlist(this.underWay);
    } catch (error) {
      this.unsent.push(...this.underWay);
      throw error;
    } finally {
      this.underWay = [];
    }
  }

  private async enlist(deadlines: LeaveDeadline[]): Promise<void> {
    const now = await this.options.redis.now();
    for (let first = 0; first < deadlines.length; first += departuresAtOnce) {
      const some = deadlines.slice(first, first + departuresAtOnce);
      const scored = some.flatMap((deadline) => [now + deadline.graceMs, lineOf(deadline)]);
      await this.options.runWhenFull([this.options.keys.leaveDeadlines], ["ZADD", ...scored]);
    }
  }
}

const lineOf = ({ room, connectionKey }: Omit<LeaveDeadline, "graceMs">): string =>
  `${connectionKey} ${room}`;
