import type { Clock } from "../../lib/clock";
import type { Logger } from "../../lib/logger";
import type { StoreConnection } from "../../redis/connection";
import { isForbidden } from "../../redis/store-error";
import type { BrokerEvents } from "./events";

/** INFO costs Redis about as much as a message does. */
const readEveryMs = 1_000;

type StoreUseOptions = {
  redis: Pick<StoreConnection, "servers">;
  events: BrokerEvents;
  clock: Clock;
  logger: Logger;
};

/** How much of `maxmemory` Redis uses, by its own count; of a cluster the fullest server. */
export class StoreUse {
  /** 1 is full. Undefined while unknown, or without a bound. */
  ratio: number | undefined;
  private readAt = Number.NEGATIVE_INFINITY;
  private lastFault = "";

  constructor(private readonly options: StoreUseOptions) {
    // Count it as full until the next reading.
    options.events.on("full", () => {
      this.ratio = Math.max(1, this.ratio ?? 1);
    });
  }

  /** Call often: asks Redis once a second. Without any answer the ratio stays as it was. Never rejects. */
  async review(): Promise<void> {
    const { clock, redis } = this.options;
    if (clock.now() - this.readAt < readEveryMs) return;
    this.readAt = clock.now();
    const answers = await Promise.allSettled(redis.servers().map((server) => server.info("memory")));
    const infos = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
    const fault: unknown = answers.find((answer) => answer.status === "rejected")?.reason;
    // Where asking is forbidden no later reading would end a refusal's count.
    if (infos.length > 0 || isForbidden(fault)) this.ratio = fullest(infos);
    this.tell(fault);
  }

  /** Once, while it stays the same. */
  private tell(error: unknown): void {
    const fault = error === undefined ? "" : String(error);
    if (fault !== "" && fault !== this.lastFault)
      this.options.logger.warn({ err: error }, "could not read Redis' memory use");
    this.lastFault = fault;
  }
}

function fullest(infos: readonly string[]): number | undefined {
  const ratios = infos.map(readRatio).filter((ratio) => ratio !== undefined);
  return ratios.length === 0 ? undefined : Math.max(...ratios);
}

/** Buffers of the append-only file and of replicas do not count towards `maxmemory`. */
export function readRatio(info: string): number | undefined {
  const field = (name: string) => Number(new RegExp(`^${name}:(\\d+)\r?$`, "m").exec(info)?.[1] ?? 0);
  const bound = field("maxmemory");
  if (bound === 0) return undefined;
  return Math.max(0, field("used_memory") - field("mem_not_counted_for_evict")) / bound;
}
