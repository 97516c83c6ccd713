import { nanoid } from "nanoid";
import { lobbyId } from "../../../protocol/limits";
import type { Clock } from "../../lib/clock";
import type { Logger } from "../../lib/logger";
import type { StoreConnection } from "../../redis/clients";
import type { Keys } from "../../redis/keys";
import type { Rewind } from "../broker";
import type { BrokerEvents } from "./events";
import type { RoomScript, RoomScripts, RunRoomScript } from "./room-scripts";

/** How long a loss may stay unnoticed when the connection survived it. */
const markIntervalMs = 5_000;

/** All rooms notice one loss within this time: their heads are compared every 5 s. */
const oneLossMs = 10_000;

const explanations: Record<Rewind, string> = {
  refused:
    "Redis refused commands while it replayed its append-only file, and dropped them: the ACL must let the default user write (docs/operations.md, Redis)",
  older: "Redis came back with older data than this replica had seen: a backup, or a failover that lagged",
  gone: "Redis came back without data that this replica had seen: an empty volume, or deleted keys",
};

const scripts = {
  "store-mark": { keys: ["storeMark"], args: ["seenId", "seenCount", "newId"], runsWhenFull: true },
} as const satisfies Record<string, RoomScript>;

/** The store's mark: its count only grows, unless the store loses writes. */
type StoreMark = { id: string; count: number };

export type StoreLossDetectorOptions = {
  redis: StoreConnection;
  scripts: RoomScripts;
  keys: Keys;
  clock: Clock;
  logger: Logger;
  events: BrokerEvents;
};

/**
 * Notices that the store came back with less than it had, even when no room is followed, and counts each loss once. Each replica advances a mark
 * in the store and remembers it; the mark goes back only if Redis loses writes. Redis itself counts the commands that
 * it refused during its replay, so a replica that starts afterwards learns of them too.
 */
export class StoreLossDetector {
  private seen: StoreMark = { id: "", count: 0 };
  private reportedRun: string | undefined;
  private reportedAt = Number.NEGATIVE_INFINITY;
  private checking: Promise<void> = Promise.resolve();
  private readonly run: RunRoomScript<typeof scripts>;
  private readonly stopInterval: () => void;

  constructor(private readonly options: StoreLossDetectorOptions) {
    this.run = options.scripts.of(scripts);
    options.redis.on("ready", () => void this.check(true));
    options.events.on("rewound", (cause) => {
      if (cause === undefined) void this.noticedByRoom();
    });
    this.stopInterval = options.clock.every(markIntervalMs, () => void this.check(false));
  }

  close(): void {
    this.stopInterval();
  }

  /** The mark moves seldom, so it may have lost nothing where a room has. */
  private async noticedByRoom(): Promise<void> {
    await this.check(false);
    if (this.options.clock.now() - this.reportedAt > oneLossMs) this.report("older");
  }

  /** One at a time: a second one would compare with the same mark, and report the same loss again. */
  private check(isNewConnection: boolean): Promise<void> {
    this.checking = this.checking.then(() => this.checkOnce(isNewConnection));
    return this.checking;
  }

  private async checkOnce(isNewConnection: boolean): Promise<void> {
    const { redis, logger } = this.options;
    if (redis.status !== "ready") return;
    try {
      const { cause, ...mark } = await this.advance();
      this.seen = mark;
      if (isNewConnection && (await this.hasRefusedReplay())) this.report("refused");
      else if (cause !== "") this.report(cause);
    } catch (error) {
      logger.debug({ err: error }, "could not check the store's mark; trying again");
    }
  }

  /** Advances the mark, makes the lobby if it is missing, and tells whether the store has lost data since `seen`. */
  private async advance(): Promise<StoreMark & { cause: Rewind | "" }> {
    const reply = await this.run("store-mark", lobbyId, {
      args: { seenId: this.seen.id, seenCount: this.seen.count, newId: nanoid(10) },
      keys: { storeMark: this.options.keys.storeMark },
    });
    const [id, count, cause] = reply as [string, number, Rewind | ""];
    return { id, count, cause };
  }

  /** True at most once for each run of Redis. */
  private async hasRefusedReplay(): Promise<boolean> {
    const info = await this.options.redis.info();
    const field = (name: string) => new RegExp(`^${name}:(.*?)\r?$`, "m").exec(info)?.[1];
    // Errors that Redis itself met: while it loaded its file, or followed a primary.
    if (Number(field("unexpected_error_replies") ?? 0) === 0) return false;
    const run = field("run_id");
    const isNews = run !== this.reportedRun;
    this.reportedRun = run;
    return isNews;
  }

  private report(cause: Rewind): void {
    this.reportedAt = this.options.clock.now();
    this.options.logger.error({ cause }, explanations[cause]);
    this.options.events.emit("rewound", cause);
  }
}
