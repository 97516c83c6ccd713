import type { Broker } from "../broker/broker";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import type { Connection } from "./connection";
import type { SendBacklog } from "./send-backlog";

/**
 * How often replicas exchange their numbers of connections. Clients that are asked to move spread over the same time.
 */
const roundMs = 10_000;
/** A move costs a handshake and a join, so a replica moves at most this share of its connections in a minute. */
const shareAMinute = 0.05;
const minuteMs = 60_000;
/** The most budget carried into the next round: below 1, or a quiet hour would allow one move too many. */
const mostKept = 0.999;
/** Visitors that come and go cause this much difference by themselves. */
const toleratedShare = 0.1;
const toleratedConnections = 2;
/** The timers of a hidden tab may be a minute late. A client that is still here after this time does not move. */
const leavingMs = 120_000;

export type Movable = Pick<Connection, "askToMove"> & { backlog: Pick<SendBacklog, "isSlow"> };

export type RebalancingOptions = {
  broker: Pick<Broker, "isReachable" | "shareLoad" | "withdrawLoad">;
  /** The connections of this replica, the oldest first. */
  connections(): readonly Movable[];
  /** Called with the number of connections that were asked to move. */
  moved(connections: number): void;
  clock: Clock;
  logger: Logger;
  /** From 0 to below 1. */
  random(): number;
};

/** Asks clients to move while this replica has more connections than its share (docs/decisions/025). */
export class Rebalancing {
  private readonly askedAt = new WeakMap<Movable, number>();
  private running: Promise<void> | undefined;
  private stop: (() => void) | undefined;
  private isOver = false;
  private budget = 0;
  private earnedAt: number;

  constructor(private readonly options: RebalancingOptions) {
    this.earnedAt = options.clock.now();
  }

  /** Call when clients can reach this replica: from then on it counts, and other replicas may send it their clients. */
  start(): void {
    this.stop = this.options.clock.every(roundMs, () => this.go());
    this.go();
  }

  /** Stops asking clients, and takes this replica out of the others' shares. Never rejects. */
  async close(): Promise<void> {
    this.isOver = true;
    this.stop?.();
    await this.running;
    await this.options.broker.withdrawLoad().catch((error: unknown) => {
      this.options.logger.debug({ err: error }, "could not withdraw the load; it ends with the lease");
    });
  }

  private go(): void {
    this.running ??= this.round()
      .catch((error: unknown) =>
        this.options.logger.debug({ err: error }, "could not share the load; trying again"),
      )
      .finally(() => {
        this.running = undefined;
      });
  }

  private async round(): Promise<void> {
    const { broker, connections } = this.options;
    this.earn(connections().length);
    if (!broker.isReachable()) return;
    const counts = await broker.shareLoad(connections().length);
    if (this.isOver || !broker.isReachable()) return;
    this.move(counts);
  }

  private earn(connections: number): void {
    const now = this.options.clock.now();
    // A process that was suspended earns for one round only.
    const elapsedMs = Math.min(Math.max(now - this.earnedAt, 0), roundMs);
    this.earnedAt = now;
    this.budget = Math.min(this.budget, mostKept) + (connections * shareAMinute * elapsedMs) / minuteMs;
  }

  private move(counts: readonly number[]): void {
    const { connections, random, logger, moved } = this.options;
    const here = connections();
    const leaving = here.filter((connection) => this.isLeaving(connection)).length;
    if (!isOverShare(here.length - leaving, counts)) return;
    const asked = here.filter((connection) => this.mayBeAsked(connection)).slice(0, Math.floor(this.budget));
    if (asked.length === 0) return;
    this.budget -= asked.length;
    for (const connection of asked) {
      this.askedAt.set(connection, this.options.clock.now());
      connection.askToMove(Math.floor(random() * roundMs));
    }
    moved(asked.length);
    logger.info(
      { asked: asked.length, connections: here.length, replicas: counts.length },
      "asked clients to move to replicas with fewer connections",
    );
  }

  /** A slow reader would hear of it late, and its next connection would have the same network. */
  private mayBeAsked(connection: Movable): boolean {
    return !this.askedAt.has(connection) && !connection.backlog.isSlow;
  }

  private isLeaving(connection: Movable): boolean {
    const askedAt = this.askedAt.get(connection);
    return askedAt !== undefined && this.options.clock.now() - askedAt < leavingMs;
  }
}

/** True only where the excess is larger than what one round may move: that is less than 1 % and one connection. */
function isOverShare(connections: number, counts: readonly number[]): boolean {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return connections - mean >= Math.max(mean * toleratedShare, toleratedConnections);
}
