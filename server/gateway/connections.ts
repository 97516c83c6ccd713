import type { Connection } from "./connection";

/** The connections of this replica that have been welcomed and are not gone. */
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

  /** Resolves when there is none. */
  async emptied(): Promise<void> {
    if (this.open.size === 0) return;
    await new Promise<void>((resolve) => {
      this.allGone = resolve;
    });
  }

  /** Those that are here now, the longest first. */
  all(): Connection[] {
    return [...this.open.values()];
  }

  /** How many are slow, and how many bytes have not left this process for all of them together. */
  unsent(): { slow: number; bytes: number } {
    let [slow, bytes] = [0, 0];
    for (const { outflow } of this.open.values()) {
      if (outflow.isSlow) slow += 1;
      bytes += outflow.unsentBytes;
    }
    return { slow, bytes };
  }
}
