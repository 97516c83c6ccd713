import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import type { StoreConnection, StoreServer } from "./connection";
import { isForbidden } from "./store-error";
import { reviewStore, type StoreReview, type StoreWarningKind } from "./store-warnings";

/** A look that failed is repeated: the first one falls into the start, in which the process may be too busy to hear the answer. */
const repeatMs = 5_000;
/** Settings are changed while the store runs, and clocks drift. */
const reviewEveryMs = 60_000;

type Options = {
  redis: Pick<StoreConnection, "status" | "on" | "servers" | "isCluster">;
  clock: Clock;
  logger: Logger;
};

/**
 * Looks at each server of the store when it is reached, until each has answered, and each minute from then on. Logs what is
 * new. What the user may not ask is left out.
 */
export class StoreReviews {
  /** The last review of each server that has answered, by its address. */
  private readonly reviews = new Map<string, StoreReview>();
  private isForbiddenTold = false;
  private isClosed = false;
  private looking = Promise.resolve();
  private stopWaiting: () => void = () => undefined;

  constructor(private readonly options: Options) {
    const { redis } = options;
    redis.on("ready", () => this.look());
    if (redis.status === "ready") this.look();
  }

  /** What an operator should change now, over all servers; undefined while no server has said how it is set up. */
  get warnings(): StoreWarningKind[] | undefined {
    if (this.reviews.size === 0) return undefined;
    const kinds = [...this.reviews.values()].flatMap(({ warnings }) => warnings.map(({ kind }) => kind));
    return [...new Set(kinds)];
  }

  close(): void {
    this.isClosed = true;
    this.stopWaiting();
  }

  private look(): void {
    this.looking = this.looking.then(() => this.lookOnce());
  }

  private async lookOnce(): Promise<void> {
    const { redis, clock } = this.options;
    this.stopWaiting();
    // Without a connection the next one calls.
    if (this.isClosed || redis.status !== "ready") return;
    const servers = redis.servers();
    const answers = await Promise.all(servers.map((server) => this.reviewServer(server)));
    for (const address of this.reviews.keys())
      if (!servers.some((server) => server.address === address)) this.reviews.delete(address);
    if (this.isClosed) return;
    const waitMs = answers.every((hasAnswered) => hasAnswered) ? reviewEveryMs : repeatMs;
    this.stopWaiting = clock.after(waitMs, () => this.look());
  }

  /** Returns whether it has answered, be it that it may not be asked. */
  private async reviewServer(server: StoreServer): Promise<boolean> {
    const { redis, logger } = this.options;
    try {
      const info = await server.info();
      const aheadMs = await this.ahead(server).catch(unlessForbidden);
      this.tell(server.address, reviewStore({ info, aheadMs, isCluster: redis.isCluster }));
      return true;
    } catch (error) {
      if (!isForbidden(error)) {
        logger.debug({ err: error, server: server.address }, "the store does not say how it is set up");
        return false;
      }
      if (!this.isForbiddenTold)
        logger.info(
          "the store's user may not ask how the store is set up (INFO): its settings are not checked",
        );
      this.isForbiddenTold = true;
      return true;
    }
  }

  /** The least that fits the round trip: its answer may have waited for this process. */
  private async ahead(server: StoreServer): Promise<number> {
    const { clock } = this.options;
    const before = clock.now();
    const told = await server.now();
    return told - Math.min(Math.max(told, before), clock.now());
  }

  /** Tells what the last review of this server did not say. */
  private tell(address: string, review: StoreReview): void {
    const { logger } = this.options;
    const last = this.reviews.get(address);
    this.reviews.set(address, review);
    const fields = { store: review.name, server: address };
    if (last?.name !== review.name) logger.info(fields, "the store was reached");
    for (const { kind, text } of review.warnings)
      if (!last?.warnings.some((warning) => warning.kind === kind)) logger.warn(fields, text);
  }
}

/** Without the right to ask for the time only the clock goes unreviewed. */
function unlessForbidden(error: unknown): undefined {
  if (!isForbidden(error)) throw error;
}
