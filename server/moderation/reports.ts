import type { GuardSign, Report, ReportList, ReportReason, RoomId, VisitorId } from "../../protocol/events";
import { isPublicRoom } from "../../protocol/limits";
import type { Quotas } from "../accounts/quotas";
import type { Broker } from "../broker/broker";
import { withheldOf } from "../broker/entry-json";
import { ChatError } from "../errors";
import type { Clock } from "../lib/clock";
import type { Newcomers } from "../limits/newcomers";
import { firstPage } from "./first-page";
import type { KnownReports } from "./known-reports";
import type { KnownState } from "./known-state";
import type { Publications } from "./publications";
import { asShown, type ReportedMessage, readReported } from "./reported-message";
import type { Roles } from "./roles";
import type { StateStore, Subject } from "./state-store";
import { givingWay, type MessagePlace, reportKey, type StoredReport } from "./stored-reports";
import { UnlistedCatches } from "./unlisted-catches";

/** A report of one visitor, or of the guard. */
type NewReport = MessagePlace &
  Pick<StoredReport, "epoch" | "caught"> &
  Omit<StoredReport["reporters"][number], "at">;

/** Enough to see who reports; further ones are counted. */
const mostReporters = 20;

type ReportsOptions = {
  store: StateStore;
  known: KnownState;
  knownReports: KnownReports;
  roles: Roles;
  quotas: Pick<Quotas, "spend">;
  broker: { feed: Pick<Broker["feed"], "read" | "publishWithheld"> };
  newcomers: Pick<Newcomers, "messagePublished">;
  publications: Pick<Publications, "add">;
  clock: Clock;
  /** Called when a message was reported through this replica. */
  reported?: ((report: StoredReport) => void) | undefined;
};

/** O-6: what members report to the owner and moderators. Texts are read from the room when they are asked for. */
export class Reports {
  private readonly unlisted: UnlistedCatches;

  constructor(private readonly options: ReportsOptions) {
    this.unlisted = new UnlistedCatches(options.known, options.clock);
  }

  /**
   * Reports a message of a public room, once for each visitor; a repeat changes nothing. A published one is reported under
   * the number of the message that was withheld. Call for a member only. Throws ChatError("bad_request") unless there is
   * such a message for it, ChatError("rate_limited"), and ChatError("forbidden") in a conversation.
   */
  async add(by: VisitorId, { room, seq, reason }: MessagePlace & { reason?: ReportReason }): Promise<void> {
    if (!isPublicRoom(room)) throw new ChatError("forbidden", "Block the visitor instead.");
    const { epoch, message } = await this.read(room, seq);
    const author = message && withheldOf(message);
    if (
      message === undefined ||
      message.by.id === by ||
      (author !== undefined && this.options.roles.of(by) === undefined)
    )
      throw new ChatError("bad_request", "There is no such message.");
    const place = { room, seq: message.seq };
    const known = this.options.knownReports.find(place);
    if (known?.epoch === epoch && known.reporters.some((reporter) => reporter.by === by)) return;
    await this.options.quotas.spend("report", { visitor: by });
    await this.write({ ...place, epoch, by, ...(reason && { reason }) });
  }

  /**
   * Reports a message that the guard has withheld. Does nothing for one that all are shown: a retry may be judged otherwise
   * than the message that is stored.
   */
  async addCaught(author: VisitorId, { room, seq }: MessagePlace, signs: GuardSign[]): Promise<void> {
    const { epoch, message } = await this.read(room, seq);
    if (message !== undefined && withheldOf(message) === undefined) return;
    await this.write({ room, seq, epoch, by: "guard", caught: author, signs });
  }

  /** Whether the guard has withheld a message of that visitor, also when its report has given way. */
  hasCaught(visitor: VisitorId): boolean {
    return this.unlisted.has(visitor) || this.options.knownReports.hasCaught(visitor);
  }

  private async write({ by, reason, signs, epoch, ...message }: NewReport): Promise<void> {
    const { known, knownReports, reported } = this.options;
    const at = await this.options.store.now();
    const reporter = { by, at, ...(reason && { reason }), ...(signs && { signs }) };
    const first: StoredReport = { ...message, epoch, at, count: 1, reporters: [reporter] };
    const isListed = knownReports.find(message) !== undefined || (await this.makeSpace(first));
    if (!isListed) return reported?.(first);
    let written: StoredReport | undefined;
    await known.amend(subjectOf(message), (text) => {
      const was = text === undefined ? undefined : (JSON.parse(text) as StoredReport);
      const earlier = was?.epoch === epoch ? was : { reporters: [], count: 0 };
      written = undefined;
      if (earlier.reporters.some((each) => each.by === by)) return text;
      const reporters = [...earlier.reporters, reporter].slice(-mostReporters);
      const { settledAt: _, ...open }: StoredReport = {
        ...earlier,
        ...{ ...message, epoch, at, count: earlier.count + 1, reporters },
      };
      written = open;
      return JSON.stringify(open);
    });
    if (written !== undefined) reported?.(written);
  }

  /** Those that are not settled, last reported before a moment, the newest first, with what can still be read. */
  async list(by: VisitorId, end: number | undefined, limit: number): Promise<ReportList> {
    this.options.roles.check(by);
    const open = this.options.knownReports.open(end);
    const page = firstPage(open, limit);
    const reports = await Promise.all(page.map((report) => this.withTexts(report)));
    const { lately } = this.unlisted;
    return { reports, more: open.length > page.length, ...(lately && { unlisted: lately }) };
  }

  /**
   * With `isPublished` a withheld message is shown to all. Throws ChatError("forbidden") unless `by` has a role, and
   * ChatError("bad_request") for a message that is not reported, or not withheld.
   */
  async settle(by: VisitorId, { room, seq }: MessagePlace, isPublished = false): Promise<void> {
    this.options.roles.check(by);
    const report = this.options.knownReports.find({ room, seq });
    if (report === undefined) throw new ChatError("bad_request", "This message isn’t reported.");
    if (isPublished) await this.publish(report);
    if (report.settledAt !== undefined) return;
    const settledAt = this.options.clock.now();
    // Another visitor may have reported it meanwhile.
    const change = (text: string | undefined) =>
      text && JSON.stringify({ ...(JSON.parse(text) as StoredReport), settledAt });
    const act = { by, did: "report:settle", room, seq, ...(isPublished && { isOn: true }) };
    await this.options.known.amend(subjectOf({ room, seq }), change, act);
  }

  private async publish({ room, seq, caught }: StoredReport): Promise<void> {
    const { broker, newcomers, publications } = this.options;
    const { message } = await this.read(room, seq);
    const { seq: published } = await broker.feed.publishWithheld(room, seq);
    if (message !== undefined)
      await publications.add(room, { author: message.by.id, written: seq, published });
    if (caught !== undefined) await newcomers.messagePublished(caught, room, seq);
  }

  private async withTexts({ epoch, settledAt: _, caught: __, ...report }: StoredReport): Promise<Report> {
    const found = await this.read(report.room, report.seq).catch(() => undefined);
    return found?.epoch === epoch ? { ...report, ...asShown(found) } : { ...report, around: [] };
  }

  private read(room: RoomId, seq: number): Promise<ReportedMessage> {
    return readReported(this.options.broker.feed, room, seq);
  }

  /** False when the list has no place for it. */
  private async makeSpace(report: StoredReport): Promise<boolean> {
    const all = this.options.knownReports.byKey;
    const keys = givingWay(all, report);
    const gone = keys === undefined ? [report] : keys.flatMap((key) => all.get(key) ?? []);
    const caught = gone.filter((each) => each.caught !== undefined);
    const open = caught.filter(({ settledAt }) => settledAt === undefined);
    await this.unlisted.add(
      caught.flatMap((each) => each.caught ?? []),
      open.length,
      report.at,
    );
    if (keys !== undefined && keys.length > 0)
      await this.options.known.write(keys.map((key) => ({ subject: `report ${key}`, text: undefined })));
    return keys !== undefined;
  }
}

const subjectOf = (message: MessagePlace): Subject => `report ${reportKey(message)}`;
