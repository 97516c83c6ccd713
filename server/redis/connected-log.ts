import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";

/** A connection that was made anew and still leads to the wrong server has been left again by then. */
export const lastsMs = 3_000;

/** Tells when a connection is there. While connections are left again and again, only one that lasts is told. */
export class ConnectedLog {
  private readonly waits = new Map<string, () => void>();
  private isInVain = false;

  constructor(
    private readonly logger: Logger,
    private readonly clock: Clock,
  ) {}

  ready(client: string): void {
    this.lost(client);
    if (this.isInVain)
      this.waits.set(
        client,
        this.clock.after(lastsMs, () => this.tellLate(client)),
      );
    else this.tell(client);
  }

  lost(client: string): void {
    this.waits.get(client)?.();
    this.waits.delete(client);
  }

  /** The connections lead to the wrong server, and are made anew. `isTold`: whether the log says so this time. */
  left(isTold: boolean): void {
    this.isInVain = !isTold;
    this.close();
  }

  close(): void {
    for (const client of this.waits.keys()) this.lost(client);
  }

  private tellLate(client: string): void {
    this.isInVain = false;
    this.tell(client);
  }

  private tell(client: string): void {
    this.logger.info({ client }, "store connected");
  }
}
