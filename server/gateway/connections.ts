import type { Connection } from "./connection";

/** The open connections of this replica, from the end of their handshake. */
export class Connections {
  private readonly open = new Map<string, Connection>();
  private allGone: (() => void) | undefined;

  add(id: string, connection: Connection): void {
    this.open.set(id, connection);
  }

  delete(id: string): void {
    this.open.delete(id);
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
