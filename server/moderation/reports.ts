import type { Entry, MessageEntry, Report, ReportReason, RoomId, VisitorId } from "../../protocol/events";
import { isPublicRoom } from "../../protocol/limits";
import type { Quotas } from "../accounts/quotas";
import type { Broker } from "../broker/broker";
import { withheldOf } from "../broker/entry-json";
import { ChatError } from "../errors";
import type { Clock } from "../lib/clock";
import { changesOf, type KnownState } from "./known-state";
import type { Roles } from "./roles";
import type { Change, StateStore } from "./state-store";

/** Every replica knows all of them; the oldest give way, settled ones first. */
const mostReports = 500;
/** Enough to see who reports; further ones are counted. */
const mostReporters = 20;
/** How many entries before and after a reported message are shown with it. */
const [before, after] = [5, 3];

/** `seq` in `epoch`. `settledAt`: it is in no list until another visitor reports the message. */
type StoredReport = Pick<Report, "room" | "seq" | "at" | "count" | "reporters"> & {
  epoch: string;
  settledAt?: number;
};
type ReportsOptions = {
  store: StateStore;
  known: KnownState;
  roles: Roles;
  quotas: Pick<Quotas, "spend">;
  broker: Pick<Broker, "feed">;
  clock: Clock;
};

const noMessage = "There is no such message.";

/** O-6: what members report to the owner and moderators. Texts are read from the room when they are asked for. */
export class Reports {
  private readonly all = new Map<string, StoredReport>();

  constructor(private readonly options: ReportsOptions) {
    // Only this class writes these texts.
    options.known.onChange(
      changesOf("report", (key, text) => {
        if (text === undefined) this.all.delete(key);
        else this.all.set(key, JSON.parse(text) as StoredReport);
      }),
    );
  }

  /**
   * Reports a message of a public room, once for each visitor; a repeat changes nothing. Call for a member only. Throws
   * ChatError("bad_request") unless there is such a message for it, ChatError("rate_limited"), and ChatError("forbidden") in
   * a conversation.
   */
  async add(
    by: VisitorId,
    { room, seq, reason }: { room: RoomId; seq: number; reason?: ReportReason },
  ): Promise<void> {
    if (!isPublicRoom(room)) throw new ChatError("forbidden", "Block the visitor instead.");
    const { epoch, message } = await this.read(room, seq);
    const author = message && withheldOf(message);
    if (
      message === undefined ||
      message.by.id === by ||
      (author !== undefined && this.options.roles.of(by) === undefined)
    )
      throw new ChatError("bad_request", noMessage);
    const key = keyOf(room, seq);
    const known = this.all.get(key);
    if (known?.epoch === epoch && known.reporters.some((reporter) => reporter.by === by)) return;
    await this.options.quotas.spend("report", { visitor: by });
    const at = await this.options.store.now();
    await this.makeSpace();
    await this.options.known.amend(`report ${key}`, (text) => {
      const was = text === undefined ? undefined : (JSON.parse(text) as StoredReport);
      const earlier = was?.epoch === epoch ? was : { reporters: [], count: 0 };
      if (earlier.reporters.some((reporter) => reporter.by === by)) return text;
      const reporters = [...earlier.reporters, { by, at, ...(reason && { reason }) }].slice(-mostReporters);
      const report: StoredReport = { room, seq, epoch, at, count: earlier.count + 1, reporters };
      return JSON.stringify(report);
    });
  }

  /** Those that are not settled, last reported before a moment, the newest first, with what can still be read. */
  async list(
    by: VisitorId,
    end: number | undefined,
    limit: number,
  ): Promise<{ reports: Report[]; more: boolean }> {
    this.options.roles.check(by);
    const open = [...this.all.values()]
      .filter(({ settledAt, at }) => settledAt === undefined && (end === undefined || at < end))
      .sort(
        (one, other) =>
          other.at - one.at || (keyOf(one.room, one.seq) < keyOf(other.room, other.seq) ? 1 : -1),
      );
    const reports = await Promise.all(open.slice(0, limit).map((report) => this.withTexts(report)));
    return { reports, more: open.length > limit };
  }

  /** Throws ChatError("forbidden") unless `by` has a role, and ChatError("bad_request") for what is not reported. */
  async settle(by: VisitorId, room: RoomId, seq: number): Promise<void> {
    this.options.roles.check(by);
    const report = this.all.get(keyOf(room, seq));
    if (report === undefined) throw new ChatError("bad_request", "This message isn’t reported.");
    if (report.settledAt !== undefined) return;
    const text = JSON.stringify({ ...report, settledAt: this.options.clock.now() });
    const act = { by, did: "report:settle", room, seq };
    await this.options.known.write([{ subject: `report ${keyOf(room, seq)}`, text }], act);
  }

  /** Calls the listener when a message was reported, on any replica. */
  onAdded(listener: (report: Pick<Report, "room" | "seq" | "count">) => void): void {
    this.options.known.onChange(
      changesOf("report", (key) => {
        const report = this.all.get(key);
        if (report !== undefined && report.settledAt === undefined)
          listener({ room: report.room, seq: report.seq, count: report.count });
      }),
    );
  }

  private async withTexts({ epoch, settledAt: _, ...report }: StoredReport): Promise<Report> {
    const found = await this.read(report.room, report.seq).catch(() => undefined);
    if (found?.epoch !== epoch) return { ...report, around: [] };
    const { message, around } = found;
    return {
      ...report,
      around: around.map(shown),
      ...(message && { message: shown(message) as MessageEntry }),
    };
  }

  /** A message, and the entries around it. */
  private async read(
    room: RoomId,
    seq: number,
  ): Promise<{ epoch: string; message?: MessageEntry; around: Entry[] }> {
    const range = {
      after: Math.max(0, seq - before - 1),
      before: seq + after + 1,
      limit: before + after + 1,
    };
    const { epoch, entries } = await this.options.broker.feed.read(room, range);
    const message = entries.find((entry) => entry.seq === seq);
    const around = entries.filter((entry) => entry.seq !== seq);
    return { epoch, around, ...(message?.kind === "message" && { message }) };
  }

  private async makeSpace(): Promise<void> {
    if (this.all.size < mostReports) return;
    const [oldest] = [...this.all.entries()].sort(
      ([, one], [, other]) =>
        Number(other.settledAt !== undefined) - Number(one.settledAt !== undefined) || one.at - other.at,
    );
    const gone: Change[] = oldest === undefined ? [] : [{ subject: `report ${oldest[0]}`, text: undefined }];
    await this.options.known.write(gone);
  }
}

const keyOf = (room: RoomId, seq: number): string => `${room} ${seq}`;

/** As the owner and moderators are given it. */
function shown(entry: Entry): Entry {
  const { withheldOf: author, ...plain } = entry as Entry & { withheldOf?: VisitorId };
  return author !== undefined && plain.kind === "message" ? { ...plain, withheld: true } : plain;
}
