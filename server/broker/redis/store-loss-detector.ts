import { nanoid } from "nanoid";
import type { RoomId } from "../../../protocol/events";
import type { Clock } from "../../lib/clock";
import type { Logger } from "../../lib/logger";
import type { StoreConnection } from "../../redis/connection";
import type { Keys } from "../../redis/keys";
import { isForbidden } from "../../redis/store-error";
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
  private reported: { at: number; cause?: Rewind } = { at: Number.NEGATIVE_INFINITY };
  /** Whether a server has not said yet, since it was reached, what it refused while it replayed its file. */
  private isReplayUnknown = true;
  /** A loss that waits, for one more check, for a server to say whether that is why. */
  private unexplained: Rewind | "" = "";
  private checking: Promise<void> = Promise.resolve();
  private readonly run: RunRoomScript<typeof scripts>;
  private readonly stopInterval: () => void;

  constructor(private readonly options: StoreLossDetectorOptions) {
    this.run = options.scripts.of(scripts);
    options.redis.on("ready", () => {
      this.isReplayUnknown = true;
      void this.check();
    });
    options.events.on("rewound", (cause) => {
      if (cause === undefined) void this.noticedByRoom();
    });
    this.stopInterval = options.clock.every(markIntervalMs, () => void this.check());
  }

  close(): void {
    this.stopInterval();
  }

  /** The mark moves seldom, so it may have lost nothing where a room has. */
  private async noticedByRoom(): Promise<void> {
    await this.check();
    if (this.unexplained !== "" || this.hasJustReported) return;
    if (this.isReplayUnknown) this.unexplained = "older";
    else this.report("older");
  }

  /** One at a time: a second one would compare with the same mark, and report the same loss again. */
  private check(): Promise<void> {
    this.checking = this.checking.then(() => this.checkOnce());
    return this.checking;
  }

  private async checkOnce(): Promise<void> {
    if (this.options.redis.status !== "ready") return;
    const causes = await Promise.all(this.options.keys.markedRooms.map((room) => this.advance(room)));
    const waited = this.unexplained;
    this.unexplained = "";
    const cause = causes.find((each) => each !== "") ?? waited;
    if (this.isReplayUnknown && (await this.hasRefusedReplay())) this.reportRefusal();
    else if (this.isReplayUnknown && waited === "") this.unexplained = cause;
    else if (cause !== "") this.report(cause);
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

  /** True at most once for each run of Redis. A server that does not answer is asked at the next check. Never rejects. */
  private async hasRefusedReplay(): Promise<boolean> {
    // Before the question: a new connection meanwhile is asked anew.
    this.isReplayUnknown = false;
    const servers = this.options.redis.servers();
    const answers = await Promise.allSettled(servers.map((server) => server.info()));
    if (answers.some((answer) => answer.status === "rejected" && !isForbidden(answer.reason)))
      this.isReplayUnknown = true;
    let isNews = false;
    for (const answer of answers) {
      if (answer.status === "rejected") continue;
      const field = (name: string) => new RegExp(`^${name}:(.*?)\r?$`, "m").exec(answer.value)?.[1];
      // Errors that Redis itself met: while it loaded its file, or followed a primary.
      if (Number(field("unexpected_error_replies") ?? 0) === 0) continue;
      isNews ||= !this.reportedRuns.has(field("run_id"));
      this.reportedRuns.add(field("run_id"));
    }
    return isNews;
  }

  private get hasJustReported(): boolean {
    return this.options.clock.now() - this.reported.at <= oneLossMs;
  }

  /** A server that answered late explains the loss that the mark or a room has shown. Each refusal is that of a new run. */
  private reportRefusal(): void {
    if (this.hasJustReported && this.reported.cause !== "refused")
      this.options.logger.error({ cause: "refused" }, explanations.refused);
    else this.report("refused");
  }

  private report(cause: Rewind): void {
    this.reported = { at: this.options.clock.now(), cause };
    this.options.logger.error({ cause }, explanations[cause]);
    this.options.events.emit("rewound", cause);
  }
}
