import type { Member, NoticeEntry, VisitorId, VisitsEntry } from "../../../protocol/events";
import { ChatError } from "../../errors";
import type { Clock } from "../../lib/clock";
import { crowdNoticeMs, maxGone, noticeRate } from "../membership";
import type { Unnumbered } from "./kept-entries";

type Counted = { joined: number; left: number; gone: Set<VisitorId>; since: number; cancel: () => void };

/** Joins and leaves that were counted and not told when the process ended. */
export type SavedCrowd = { joined: number; left: number; gone: VisitorId[] };

type Options = {
  clock: Pick<Clock, "now" | "after">;
  memberCount(): number;
  /** Call before `append`. Throws ChatError("unavailable"). */
  makeReady(): void;
  append(entry: Unnumbered<NoticeEntry | VisitsEntry>): void;
  /** Called when the counts have changed. */
  changed(): void;
};

const eachMs = 1_000 / noticeRate.perSecond;
const allMs = eachMs * noticeRate.burst;

/** F-4: writes the joins and leaves of one room of the embedded broker, or counts them while they are too many. */
export class MemoryCrowdNotices {
  private counted: Counted | undefined;
  private fullAt = 0;

  constructor(
    private readonly options: Options,
    saved?: SavedCrowd,
  ) {
    if (saved === undefined || saved.joined + saved.left === 0) return;
    const { joined, left, gone } = saved;
    Object.assign(this.begin(), { joined, left, gone: new Set(gone) });
  }

  get saved(): SavedCrowd | undefined {
    if (this.counted === undefined) return undefined;
    const { joined, left, gone } = this.counted;
    return { joined, left, gone: [...gone] };
  }

  /** Returns whether the join was counted, and has no entry of its own. Call after the room's members have changed. */
  join(by: Member): boolean {
    return this.writeOrCount("join", by, false);
  }

  /** The leave of a member whose join was counted is counted too. Call after the room's members have changed. */
  leave(by: Member, wasJoinCounted: boolean): void {
    this.writeOrCount("leave", by, wasJoinCounted);
  }

  /** Writes the crowd notice if it is due, or with `isAny` even if not. Call before appending another entry. */
  writeDue(isAny = false): void {
    const { counted, options } = this;
    const now = options.clock.now();
    if (counted === undefined || (!isAny && now - counted.since < crowdNoticeMs)) return;
    const { joined, left, gone, cancel } = counted;
    cancel();
    this.counted = undefined;
    this.fullAt = Math.min(Math.max(now, this.fullAt) + eachMs, now + allMs);
    const known = gone.size === 0 ? {} : { gone: [...gone] };
    options.append({ kind: "visits", joined, left, memberCount: options.memberCount(), ...known });
  }

  close(): void {
    this.counted?.cancel();
    this.counted = undefined;
  }

  private writeOrCount(kind: "join" | "leave", by: Member, isToCount: boolean): boolean {
    const now = this.options.clock.now();
    const fullAt = Math.max(now, this.fullAt) + eachMs;
    const isCounted = isToCount || this.counted !== undefined || fullAt - now > allMs;
    if (isCounted) this.count(kind, by.id);
    else {
      this.fullAt = fullAt;
      this.options.append({ kind, by });
    }
    return isCounted;
  }

  /** The notice lists each visitor that is counted as left, unless the visitor returns before it is written. */
  private count(kind: "join" | "leave", visitor: VisitorId): void {
    const counted = this.counted ?? this.begin();
    counted[kind === "join" ? "joined" : "left"] += 1;
    if (kind === "join") counted.gone.delete(visitor);
    else counted.gone.add(visitor);
    this.options.changed();
    this.writeDue(counted.gone.size >= maxGone);
  }

  private begin(): Counted {
    const { clock } = this.options;
    this.counted = { joined: 0, left: 0, gone: new Set(), since: clock.now(), cancel: this.plan() };
    return this.counted;
  }

  private plan(): () => void {
    return this.options.clock.after(crowdNoticeMs, () => {
      try {
        this.options.makeReady();
      } catch (error) {
        // The room cannot be read now.
        if (!(error instanceof ChatError) || this.counted === undefined) throw error;
        this.counted.cancel = this.plan();
        return;
      }
      this.writeDue(true);
    });
  }
}
