import { nanoid } from "nanoid";
import type { Entry, Receipt, RoomId, VisitorId } from "../../protocol/events";
import { isPublicRoom } from "../../protocol/limits";
import { boundedMap } from "../lib/bounded-map";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import { recordKeys } from "../records/keys";
import { listAt, mapAt, storeTime, valueAt } from "../records/kinds";
import type { Records, Write } from "../records/records";
import { distinctIn, sampleOf, type VisitorSample } from "./visitor-sample";

export const hourMs = 3_600_000;
const hoursOfDay = 24;
/** A week, and the hour that is not over. */
export const countedHours = 7 * hoursOfDay + 1;
/** A day longer than the week is read. */
const keptMs = 9 * hoursOfDay * hourMs;
/** How often a replica writes its counts: seldom enough to cost little, often enough for "now". */
export const tellEveryMs = 5_000;
/** A replica that has written no counts for so long is gone. */
const goneMs = 3 * tellEveryMs;
/** How many rooms' last entries are remembered. */
const mostRooms = 5_000;

type ActivityCountsOptions = {
  records: Records;
  /** Those with connections here. */
  visitors: () => VisitorId[];
  clock: Clock;
  logger: Logger;
};
type Moment = Pick<Entry, "seq" | "at">;

/**
 * How many messages were written in public rooms in each hour, and how many visitors are connected. Each replica counts
 * by itself and writes its own totals: writing one again changes nothing, and a message costs no command.
 */
export class ActivityCounts {
  /** Another run of a replica must not overwrite what this one has counted. */
  private readonly run = nanoid(10);
  private readonly ofHours = new Map<number, number>();
  private readonly untold = new Set<number>();
  private readonly last = boundedMap<RoomId, Moment>(mostRooms);
  private readonly stop: () => void;

  constructor(private readonly options: ActivityCountsOptions) {
    this.stop = options.clock.every(tellEveryMs, () => void this.tell());
  }

  /** Takes the entries that this replica delivers. */
  delivered(room: RoomId, entries: readonly Entry[]): void {
    const last = entries.at(-1);
    if (last !== undefined) this.last.set(room, { seq: last.seq, at: last.at });
  }

  /**
   * Call before a message is stored, and the returned function with its receipt. A repeat's receipt is older than the
   * entries delivered here before.
   */
  counting(room: RoomId): (receipt: Receipt) => void {
    const last = this.last.get(room);
    return (receipt) => {
      if (isPublicRoom(room) && (last === undefined || isLater(receipt, last))) this.count(receipt.at);
    };
  }

  /** Visitors with connections; one that is connected to two replicas is one. */
  async visitors(): Promise<number> {
    const [now] = await this.options.records.read(storeTime);
    const [living] = await this.options.records.read(
      replicas.listed({ order: "highest", above: now - goneMs }),
    );
    const told = await this.options.records.read(...living.map(([run]) => sampleOfRun(run).value()));
    return distinctIn(
      told.flatMap((text) => (text === undefined ? [] : (JSON.parse(text) as VisitorSample))),
    );
  }

  /** Messages of the last `countedHours` hours, the oldest first, and when the first of them began. */
  async messages(): Promise<{ from: number; counts: number[] }> {
    const [now] = await this.options.records.read(storeTime);
    const first = hourOf(now) - countedHours + 1;
    const days = new Set(Array.from({ length: countedHours }, (_, index) => dayOf(first + index)));
    const told = await this.options.records.read(...[...days].map((day) => messagesOf(day).fields()));
    const counts = new Array<number>(countedHours).fill(0);
    for (const [field, count] of told.flatMap((fields) => [...fields])) {
      const index = Number(field.split(" ")[0]) - first;
      if (counts[index] !== undefined) counts[index] += Number(count);
    }
    return { from: first * hourMs, counts };
  }

  /** Writes the remaining counts. */
  async close(): Promise<void> {
    this.stop();
    await this.tell();
  }

  private count(at: number): void {
    const hour = hourOf(at);
    this.ofHours.set(hour, (this.ofHours.get(hour) ?? 0) + 1);
    this.untold.add(hour);
  }

  private async tell(): Promise<void> {
    const { records, visitors, clock, logger } = this.options;
    const hours = [...this.untold];
    const days = [...new Set(hours.map(dayOf))];
    const writes: Write[] = [
      replicas.stamp(this.run),
      replicas.dropBelow(clock.now() - hourMs),
      sampleOfRun(this.run).put(JSON.stringify(sampleOf(visitors())), goneMs),
      ...hours.map((hour) =>
        messagesOf(dayOf(hour)).setField(`${hour} ${this.run}`, String(this.ofHours.get(hour))),
      ),
      ...days.map((day) => messagesOf(day).keep(keptMs)),
    ];
    this.untold.clear();
    try {
      await records.write(writes);
      for (const hour of this.ofHours.keys())
        if (hour < hourOf(clock.now()) - 1 && !this.untold.has(hour)) this.ofHours.delete(hour);
    } catch (error) {
      for (const hour of hours) this.untold.add(hour);
      logger.debug({ err: error }, "could not share how active the site is; trying again");
    }
  }
}

const replicas = listAt(recordKeys.activity.replicas);
const sampleOfRun = (run: string) => valueAt(recordKeys.activity.visitorSample(run));
const messagesOf = (day: number) => mapAt(recordKeys.activity.messages(day));
const hourOf = (at: number): number => Math.floor(at / hourMs);
const dayOf = (hour: number): number => Math.floor(hour / hoursOfDay);
const isLater = (one: Moment, other: Moment): boolean =>
  one.at > other.at || (one.at === other.at && one.seq > other.seq);
