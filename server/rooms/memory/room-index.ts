import { LRUCache } from "lru-cache";
import type { Room, RoomId, VisitorId } from "../../../protocol/events";
import { storeIsFull } from "../../errors";
import { ByteCount, bytesOf } from "../../lib/byte-count";
import type { Clock } from "../../lib/clock";
import {
  type Correction,
  type Corrections,
  crowdOf,
  fullestRead,
  type IndexedRoom,
  type Listing,
  mostIndexed,
  newestRead,
  oldestRead,
  type QuotaLimits,
  type Reservation,
  type RoomIndex,
  type TitleAnswer,
  type TitleClaim,
} from "../room-index";

/** Ranks by room. */
type Ranks = Map<RoomId, number>;
type Places = { open: Map<RoomId, number>; made: Map<RoomId, number> };

/** Visitors whose places are remembered, the least recent forgotten first: a bound on memory. */
const maxOwners = 50_000;
/** Bytes of a room in the index, a title without its letters, a visitor with all its places: measured, rounded up. */
const [listedBytes, titleBytes, ownerBytes] = [200, 400, 3_000];
/** How long a visitor with too many open rooms waits; when it will close one is unknown. */
const openRetryMs = 60_000;

/** The room index in memory: one process, nothing kept when it ends, the same contract as Redis. */
export class MemoryRoomIndex implements RoomIndex {
  private readonly active: Ranks = new Map();
  private readonly crowded: Ranks = new Map();
  private readonly owners = new LRUCache<VisitorId, Places>({
    max: maxOwners,
    dispose: (_places, _owner, reason) => reason !== "set" && this.bytes.free(ownerBytes),
  });
  /** By skeleton, those confirmed the longest ago first. */
  private readonly titles = new Map<string, TitleClaim>();
  private changes = 0;

  constructor(
    private readonly clock: Clock,
    private readonly bytes = new ByteCount(),
  ) {}

  async reserve(owner: VisitorId, room: RoomId, quota: QuotaLimits): Promise<Reservation> {
    this.checkSpace();
    const now = this.clock.now();
    const { open, made } = this.placesOf(owner);
    for (const [id, at] of made) if (at <= now - quota.windowMs) made.delete(id);
    const refused = (over: "open" | "made", retryAfterMs: number): Reservation => {
      const settled = [...open, ...made].filter(([, since]) => since <= now - quota.settledMs);
      return { is: "refused", over, occupiedBy: [...new Set(settled.map(([id]) => id))], retryAfterMs };
    };
    if (!open.has(room) && open.size >= quota.open) return refused("open", openRetryMs);
    if (!made.has(room) && made.size >= quota.made) {
      const first = Math.min(...made.values());
      return refused("made", Math.max(1, first + quota.windowMs - now));
    }
    if (!open.has(room)) open.set(room, now);
    if (!made.has(room)) made.set(room, now);
    return { is: "granted" };
  }

  async giveBack(owner: VisitorId, places: { open: RoomId[]; made: RoomId[] }): Promise<void> {
    const held = this.owners.get(owner);
    for (const room of places.open) held?.open.delete(room);
    for (const room of places.made) held?.made.delete(room);
  }

  async roomsOf(owner: VisitorId): Promise<RoomId[]> {
    const { open, made } = this.owners.peek(owner) ?? { open: new Map(), made: new Map() };
    return [...new Set([...open.keys(), ...made.keys()])];
  }

  async forget(owner: VisitorId): Promise<void> {
    this.owners.delete(owner);
  }

  async claimTitle(skeleton: string, room: RoomId): Promise<TitleAnswer> {
    const held = this.titles.get(skeleton);
    const now = this.clock.now();
    if (held !== undefined && held.room !== room) return { is: "held", claim: held, now };
    this.checkSpace();
    const claim = { skeleton, room, at: now };
    this.confirm(claim);
    return { is: "granted", claim, now };
  }

  async oldestTitles(count: number): Promise<{ now: number; claims: TitleClaim[] }> {
    return { now: this.clock.now(), claims: [...this.titles.values()].slice(0, count) };
  }

  async settleTitles({ gone, there }: { gone: TitleClaim[]; there: TitleClaim[] }): Promise<void> {
    const isAsRead = ({ skeleton, room, at }: TitleClaim) => {
      const held = this.titles.get(skeleton);
      return held?.room === room && held.at === at;
    };
    for (const { skeleton } of gone.filter(isAsRead)) this.free(skeleton);
    for (const claim of there.filter(isAsRead)) this.confirm({ ...claim, at: this.clock.now() });
  }

  async announce(): Promise<void> {
    this.changes += 1;
  }

  async closed({ id, owner }: Pick<Room, "id" | "owner">): Promise<void> {
    this.counted(() => {
      this.active.delete(id);
      this.crowded.delete(id);
    });
    this.changes += 1;
    if (owner !== undefined) await this.giveBack(owner, { open: [id], made: [] });
  }

  async heard(rooms: readonly IndexedRoom[]): Promise<void> {
    this.counted(() => {
      for (const indexed of rooms) {
        const { room, activeAt, people } = indexed;
        this.active.set(room, Math.max(activeAt, this.active.get(room) ?? activeAt));
        if (people > 0) this.crowded.set(room, crowdOf(indexed));
        else this.crowded.delete(room);
      }
      for (const ranks of [this.active, this.crowded])
        for (const [room] of highestFirst(ranks).slice(mostIndexed)) ranks.delete(room);
    });
  }

  async version(): Promise<string> {
    return String(this.changes);
  }

  async read(): Promise<Listing> {
    const newestFirst = highestFirst(this.active);
    const oldest = newestFirst.slice(newestRead).slice(-oldestRead).reverse();
    return {
      active: [...newestFirst.slice(0, newestRead), ...oldest].map(placeOf),
      crowded: highestFirst(this.crowded).slice(0, fullestRead).map(placeOf),
    };
  }

  async correct({ active, crowded }: Corrections): Promise<void> {
    this.counted(() => {
      correctIn(this.active, active);
      correctIn(this.crowded, crowded);
    });
  }

  private confirm(claim: TitleClaim): void {
    this.free(claim.skeleton);
    this.titles.set(claim.skeleton, claim);
    this.bytes.add(titleBytes + bytesOf(claim.skeleton));
  }

  private free(skeleton: string): void {
    if (this.titles.delete(skeleton)) this.bytes.free(titleBytes + bytesOf(skeleton));
  }

  private checkSpace(): void {
    if (this.bytes.isFull) throw storeIsFull();
  }

  private counted(change: () => void): void {
    const before = this.active.size + this.crowded.size;
    change();
    this.bytes.add(listedBytes * (this.active.size + this.crowded.size - before));
  }

  private placesOf(owner: VisitorId): Places {
    const known = this.owners.get(owner);
    if (known !== undefined) return known;
    const places = { open: new Map(), made: new Map() };
    this.owners.set(owner, places);
    this.bytes.add(ownerBytes);
    return places;
  }
}

const placeOf = ([room, rank]: [RoomId, number]) => ({ room, rank });
const highestFirst = (ranks: Ranks) => [...ranks].sort(([, one], [, other]) => other - one);

function correctIn(ranks: Ranks, corrections: readonly Correction[]): void {
  for (const { place, truly } of corrections) {
    if (ranks.get(place.room) !== place.rank) continue;
    if (truly === undefined) ranks.delete(place.room);
    else ranks.set(place.room, truly);
  }
}
