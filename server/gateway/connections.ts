import type { VisitorId } from "../../protocol/events";
import type { Connection } from "./connection";

const none: readonly Connection[] = [];

/** The open connections of this replica, from the end of their handshake. */
export class Connections {
  private readonly open = new Map<string, Connection>();
  /** One, for most visitors: a list takes a third of a set. */
  private readonly byVisitor = new Map<VisitorId, readonly Connection[]>();
  private allGone: (() => void) | undefined;

  add(id: string, connection: Connection): void {
    this.open.set(id, connection);
    this.byVisitor.set(connection.visitor, this.of(connection.visitor).concat([connection]));
  }

  delete(id: string): void {
    const connection = this.open.get(id);
    if (connection === undefined) return;
    this.open.delete(id);
    const others = this.of(connection.visitor).filter((each) => each !== connection);
    if (others.length > 0) this.byVisitor.set(connection.visitor, others);
    else this.byVisitor.delete(connection.visitor);
    if (this.open.size === 0) this.allGone?.();
  }

  /** Resolves when no connection is left. */
  async emptied(): Promise<void> {
    if (this.open.size === 0) return;
    await new Promise<void>((resolve) => {
      this.allGone = resolve;
    });
  }

  /** The open connections, the oldest first. */
  all(): Connection[] {
    return [...this.open.values()];
  }

  /** Those of one visitor: what concerns one visitor must not cost more with each other one. */
  of(visitor: VisitorId): readonly Connection[] {
    return this.byVisitor.get(visitor) ?? none;
  }

  /** How many connections are slow, and how many bytes of all connections have not left this process. */
  unsent(): { slow: number; bytes: number } {
    let [slow, bytes] = [0, 0];
    for (const { backlog } of this.open.values()) {
      if (backlog.isSlow) slow += 1;
      bytes += backlog.unsentBytes;
    }
    return { slow, bytes };
  }
}
