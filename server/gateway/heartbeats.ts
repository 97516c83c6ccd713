import type { Clock } from "../lib/clock";
import type { ChatSocket } from "./socket-types";

type Conn = ChatSocket["conn"];
/** What Engine.IO declares for its own use only, and the function that Node keeps of a timer. */
type Private = { pingIntervalTimer: (NodeJS.Timeout & { _onTimeout?: () => void }) | Heartbeat };

/** Connections of which the last pong came within this time are pinged together. */
const groupMs = 500;

/**
 * Decides when connections are pinged: in groups, since waking the process for a single ping and its pong costs ten times as
 * much as both do among others. What a ping is, and what follows when no pong comes, stays with Engine.IO.
 */
export class Heartbeats {
  private newest: { since: number; members: Set<Heartbeat> } | undefined;

  /** `intervalMs`: the most between a pong and the next ping. */
  constructor(
    private readonly clock: Clock,
    private readonly intervalMs: number,
  ) {}

  /** Called when a connection is made. Without the private parts Engine.IO goes on by itself. */
  take(conn: Conn): void {
    const own = conn as unknown as Private;
    const timer = own.pingIntervalTimer;
    if (timer instanceof Heartbeat || typeof timer?._onTimeout !== "function") return;
    const heartbeat = new Heartbeat(this, conn, timer._onTimeout);
    clearTimeout(timer);
    own.pingIntervalTimer = heartbeat;
    heartbeat.refresh();
  }

  /** Those with which a connection is pinged whose pong came now. */
  group(): Set<Heartbeat> {
    const { newest, clock } = this;
    const age = newest === undefined ? groupMs : clock.now() - newest.since;
    if (newest !== undefined && age >= 0 && age < groupMs) return newest.members;
    const members = new Set<Heartbeat>();
    this.newest = { since: clock.now(), members };
    clock.after(this.intervalMs, () => {
      for (const heartbeat of members) heartbeat.send();
    });
    return members;
  }
}

/** Stands in the place of Engine.IO's timer of one connection. */
class Heartbeat {
  private group: Set<Heartbeat> | undefined;

  constructor(
    private readonly heartbeats: Heartbeats,
    private readonly conn: Conn,
    private readonly ping: () => void,
  ) {}

  /** Engine.IO calls it at each pong. */
  refresh(): void {
    this.group?.delete(this);
    this.group = this.heartbeats.group().add(this);
  }

  send(): void {
    if (this.conn.readyState === "open") this.ping();
  }
}
