import { nanoid } from "nanoid";
import type { RoomId } from "../../../protocol/events";
import type { Clock } from "../../lib/clock";
import type { Logger } from "../../lib/logger";
import type { StoreConnection } from "../../redis/connection";
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
  private readonly seen = new Map<RoomId, StoreMark>();
  private readonly reportedRuns = new Set<string | undefined>();
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
      const causes = await Promise.all(this.options.keys.markedRooms.map((room) => this.advance(room)));
      const cause = causes.find((each) => each !== "") ?? "";
      if (isNewConnection && (await this.hasRefusedReplay())) this.report("refused");
      else if (cause !== "") this.report(cause);
    } catch (error) {
      logger.debug({ err: error }, "could not read the store's errors; trying again");
    }
  }

  /**
   * Advances a mark, makes the lobby if it is missing, and tells whether the mark's server has lost data since it was seen. A
   * server of a cluster that is away now tells at the next check.
   */
  private async advance(room: RoomId): Promise<Rewind | ""> {
    const { id: seenId, count: seenCount } = this.seen.get(room) ?? { id: "", count: 0 };
    try {
      const reply = await this.run("store-mark", room, {
        args: { seenId, seenCount, newId: nanoid(10) },
        keys: { storeMark: this.options.keys.storeMark(room) },
      });
      const [id, count, cause] = reply as [string, number, Rewind | ""];
      this.seen.set(room, { id, count });
      return cause;
    } catch (error) {
      this.options.logger.debug({ err: error }, "could not check the store's mark; trying again");
      return "";
    }
  }

  /** True at most once for each run of Redis. */
  private async hasRefusedReplay(): Promise<boolean> {
    let isNews = false;
    for (const info of await this.options.redis.infos()) {
      const field = (name: string) => new RegExp(`^${name}:(.*?)\r?$`, "m").exec(info)?.[1];
      // Errors that Redis itself met: while it loaded its file, or followed a primary.
      if (Number(field("unexpected_error_replies") ?? 0) === 0) continue;
      isNews ||= !this.reportedRuns.has(field("run_id"));
      this.reportedRuns.add(field("run_id"));
    }
    return isNews;
  }

  private report(cause: Rewind): void {
    this.reportedAt = this.options.clock.now();
    this.options.logger.error({ cause }, explanations[cause]);
    this.options.events.emit("rewound", cause);
  }
}
