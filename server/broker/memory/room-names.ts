import { LRUCache } from "lru-cache";
import type { VisitorId } from "../../../protocol/events";
import { ChatError } from "../../errors";
import type { NameClaim } from "../../names/skeleton";
import { keptNameMs, silentMs } from "../membership";
import { MemoryHeldNames } from "./held-names";
import type { HeldRow, NameRow, RoomRows } from "./room-rows";

/** `at`: when the visitor took the name or last wrote under it. `savedAt`: the same, as the journal has it. */
type KeptName = NameClaim & { at: number; until: number; hasSpoken: boolean; savedAt: number };

/** How much a kept time may lag behind: a row for each message would double a message's cost. */
const savedEachMs = 60_000;

/** Names kept for visitors that return, the least recent forgotten first: a bound on memory. */
const maxKeptNames = 10_000;
/** Measured, rounded up. */
const keptNameBytes = 300;

/** The names of one room of the embedded broker: those of its members, and those kept and held for others (ID-3). */
export class MemoryRoomNames {
  /** The member under each skeleton. */
  private readonly members = new Map<string, VisitorId>();
  /** Bounded by `maxSize`: `max` would allocate its memory up front, in each room. */
  private readonly kept = new LRUCache<VisitorId, KeptName>({
    maxSize: maxKeptNames,
    sizeCalculation: () => 1,
    onInsert: (_claim, _visitor, reason) => reason === "add" && this.count(keptNameBytes),
    dispose: (_claim, visitor, reason) => {
      if (reason !== "set") this.count(-keptNameBytes);
      if (reason === "evict") this.rows.dropName(visitor);
    },
  });
  private readonly held: MemoryHeldNames;

  /** `count` is called with the bytes by which the names grow or shrink. */
  constructor(
    private readonly now: () => number,
    private readonly count: (bytes: number) => void,
    private readonly rows: RoomRows,
    saved: { names: readonly NameRow[]; held: readonly HeldRow[] },
  ) {
    for (const { visitor, ...name } of [...saved.names].sort((one, other) => one.at - other.at))
      this.kept.set(visitor, { ...name, savedAt: name.at });
    this.held = new MemoryHeldNames(now, count, rows, saved.held);
  }

  isFree(skeleton: string, visitor: VisitorId): boolean {
    const holder = this.held.holderOf(skeleton);
    return !this.members.has(skeleton) && (holder === undefined || holder === visitor);
  }

  /** The name with which a visitor enters: `wanted`, or its kept name, or one of `names`. Throws ChatError("name_taken"). */
  choose(visitor: VisitorId, names: NameClaim[], wanted?: NameClaim): NameClaim {
    const kept = this.keptBy(visitor);
    const suitable = wanted === undefined ? [...(kept === undefined ? [] : [kept]), ...names] : [wanted];
    const claim = suitable.find(({ skeleton }) => this.isFree(skeleton, visitor));
    if (claim === undefined) throw new ChatError("name_taken");
    return claim;
  }

  /** Gives a member the name, and keeps it for the member's return. */
  take(visitor: VisitorId, claim: NameClaim): void {
    this.members.set(claim.skeleton, visitor);
    const now = this.now();
    const hasSpoken = this.keptBy(visitor)?.hasSpoken ?? false;
    const until = now + (hasSpoken ? keptNameMs : silentMs);
    this.keep(visitor, { ...claim, hasSpoken, at: now, until, savedAt: 0 });
  }

  /** Gives a member of an earlier process its name again. */
  restore(visitor: VisitorId, skeleton: string): void {
    this.members.set(skeleton, visitor);
  }

  /** Call when a member gives its name up. */
  release(skeleton: string): void {
    this.members.delete(skeleton);
  }

  /** ID-3c: holds a name for the visitor that gives it up, if it has spoken under it. */
  hold(skeleton: string, visitor: VisitorId, hasSpokenUnderIt: boolean): void {
    if (hasSpokenUnderIt || this.held.holderOf(skeleton) === visitor) this.held.hold(skeleton, visitor);
  }

  /** Call when the visitor has written: its name is kept for longer. */
  spoke(visitor: VisitorId): void {
    const kept = this.kept.get(visitor);
    const now = this.now();
    if (kept === undefined) return;
    const savedAt = kept.hasSpoken ? kept.savedAt : 0;
    this.keep(visitor, { ...kept, hasSpoken: true, at: now, until: now + keptNameMs, savedAt });
  }

  /** The name kept for the visitor. */
  keptFor(visitor: VisitorId): { name: string; at: number } | undefined {
    const kept = this.kept.peek(visitor);
    return kept !== undefined && kept.until > this.now() ? { name: kept.name, at: kept.at } : undefined;
  }

  forget(visitor: VisitorId): void {
    if (this.kept.delete(visitor)) this.rows.removeName(visitor);
    this.held.forget(visitor);
  }

  /** Drops the names that are neither kept nor held any more. Those of members stay. */
  dropLapsed(): void {
    const now = this.now();
    for (const [visitor, { until, skeleton }] of [...this.kept.entries()]) {
      if (until > now || this.members.get(skeleton) === visitor) continue;
      this.kept.delete(visitor);
      this.rows.dropName(visitor);
    }
    this.held.dropLapsed();
  }

  /** Call when all members have gone. */
  clear(): void {
    this.members.clear();
  }

  /** Call when the room has gone. */
  removeRows(): void {
    for (const visitor of this.kept.keys()) this.rows.removeName(visitor);
    this.held.removeRows();
  }

  private keep(visitor: VisitorId, name: KeptName): void {
    if (name.at - name.savedAt < savedEachMs) {
      this.kept.set(visitor, name);
      return;
    }
    const { savedAt: _, ...row } = name;
    this.kept.set(visitor, { ...row, savedAt: name.at });
    this.rows.putName({ visitor, ...row });
  }

  private keptBy(visitor: VisitorId): KeptName | undefined {
    const kept = this.kept.get(visitor);
    return kept !== undefined && kept.until > this.now() ? kept : undefined;
  }
}
