import type { Redis } from "ioredis";
import { systemClock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import type { ConnectedLog } from "./connected-log";
import { FailureLog } from "./failure-log";
import { isReadOnly } from "./store-error";

/** Between two attempts to reach the primary: for a while the address may still lead to the demoted one. */
const readOnlyRetryMs = 1_000;

/** A demoted primary keeps its connections: only a new connection reaches its successor. */
export class Demotions {
  /** Of its own: a connection that leads to a server without writes is ready each time. */
  private readonly failures: FailureLog;
  private lastLeftAt = Number.NEGATIVE_INFINITY;
  private isSubscriberBehind = false;

  constructor(
    logger: Logger,
    private readonly connected: ConnectedLog,
  ) {
    this.failures = new FailureLog(logger, systemClock);
  }

  /** Whether the connection for commands, to which a server said this, is to connect anew. */
  isLeft(error: Error): boolean {
    const now = systemClock.now();
    if (!isReadOnly(error) || now - this.lastLeftAt < readOnlyRetryMs) return false;
    this.lastLeftAt = now;
    this.isSubscriberBehind = true;
    const isTold = this.failures.tell(
      { client: "commands", err: "READONLY" },
      "Redis is read-only: it was demoted; connecting anew to reach the primary. If it never was the primary, check REDIS_URL",
    );
    this.connected.left(isTold);
    return true;
  }

  /**
   * Call when either connection is ready. The subscriber connects anew once the commands have: what it hears says nothing
   * of a demotion.
   */
  followCommands(redis: Redis, subscriber: Redis): void {
    // One that is asking for the primary gets its answer, and is ready then.
    if (!this.isSubscriberBehind || redis.status !== "ready" || subscriber.status === "connecting") return;
    this.isSubscriberBehind = false;
    subscriber.disconnect(true);
  }
}
