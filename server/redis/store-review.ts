import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import type { StoreConnection } from "./connection";

/** From here on messages are given visibly wrong times, and deadlines come early or late. */
const mostSkewMs = 1_000;

/** What a store says of itself (INFO), and how far its clock is ahead of this machine's. */
export type StoreReport = { info: string; aheadMs: number };

type Review = { name: string; warnings: string[] };

/** Which store this is, and what an operator should change, one sentence each. */
export function reviewStore({ info, aheadMs }: StoreReport): Review {
  const field = (name: string) => new RegExp(`^${name}:(.*?)\r?$`, "m").exec(info)?.[1];
  const valkey = field("valkey_version");
  const version = field("redis_version") ?? "";
  const name = valkey === undefined ? `Redis ${version}` : `Valkey ${valkey}`;
  const policy = field("maxmemory_policy");
  const seconds = (Math.abs(aheadMs) / 1_000).toFixed(1);
  const found: [is: boolean, warning: string][] = [
    [
      Number.parseInt(version, 10) < 7,
      `${name} is too old: Madang needs Redis 7.0 or later, or Valkey. Upgrade it before anything else.`,
    ],
    [
      policy !== undefined && policy !== "noeviction",
      `maxmemory-policy is ${policy}, which deletes history when memory is short. Set maxmemory-policy noeviction in its configuration.`,
    ],
    [
      field("aof_enabled") === "0",
      "appendonly is off: a restart of the store loses what was written since its last snapshot. Set appendonly yes.",
    ],
    [
      field("maxmemory") === "0",
      "maxmemory is not set: the store grows until the system ends it. Set maxmemory to half of its machine's memory.",
    ],
    [
      Math.abs(aheadMs) > mostSkewMs,
      `The store's clock is ${seconds} s ${aheadMs > 0 ? "ahead of" : "behind"} this machine's. Let both follow NTP.`,
    ],
  ];
  return { name, warnings: found.flatMap(([is, warning]) => (is ? [warning] : [])) };
}

type Options = { redis: StoreConnection; clock: Clock; logger: Logger };

/**
 * Looks at the store each time it is reached, and logs new warnings. Facts that the Redis user may not read are left
 * out.
 */
export class StoreReviews {
  /** How many warnings the last look gave. */
  warnings = 0;
  private readonly told = new Set<string>();

  constructor(private readonly options: Options) {
    options.redis.on("ready", () => void this.review());
    if (options.redis.status === "ready") void this.review();
  }

  private async review(): Promise<void> {
    const { redis, logger } = this.options;
    try {
      const infos = await redis.infos();
      const aheadMs = await this.ahead();
      const reviews = infos.map((info) => reviewStore({ info, aheadMs }));
      this.warnings = new Set(reviews.flatMap(({ warnings }) => warnings)).size;
      for (const { name, warnings } of reviews) {
        if (this.isNew(name)) logger.info({ store: name }, "the store was reached");
        for (const warning of warnings) if (this.isNew(warning)) logger.warn({ store: name }, warning);
      }
    } catch (error) {
      logger.debug({ err: error }, "the store does not say how it is set up");
    }
  }

  /** Its reading is as of the middle of the round trip, about. */
  private async ahead(): Promise<number> {
    const { redis, clock } = this.options;
    const before = clock.now();
    const told = await redis.now();
    return told - (before + clock.now()) / 2;
  }

  private isNew(text: string): boolean {
    // The skew differs a little each time.
    const kind = text.replace(/\d+\.\d s/, "");
    const isNew = !this.told.has(kind);
    this.told.add(kind);
    return isNew;
  }
}
