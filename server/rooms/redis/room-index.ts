import type { Room, RoomId, VisitorId } from "../../../protocol/events";
import type { StoreConnection } from "../../redis/clients";
import { createKeys, type Keys } from "../../redis/keys";
import { replies, toChatErrors } from "../../redis/replies";
import {
  type AnywayScript,
  type DirectoryScripts,
  defineAnyway,
  defineDirectoryScripts,
} from "../../redis/scripts";
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
  type RankedRoom,
  type Reservation,
  type RoomIndex,
  type TitleAnswer,
  type TitleClaim,
} from "../room-index";

const dayMs = 86_400_000;
/**
 * How long a visitor's places are kept after it took the last one, so that those of a visitor that never returns
 * expire. Far longer than most rooms live; a visitor that keeps ten alive for so long without making another may make
 * ten more.
 */
const placesKeptMs = 400 * dayMs;
/** How long a visitor with too many open rooms waits; when it will close one is unknown. */
const openRetryMs = 60_000;

/** A few keys for all rooms, and two small sorted sets for each visitor that has made any. */
export class RedisRoomIndex implements RoomIndex {
  private readonly keys: Keys;
  private readonly scripts: DirectoryScripts;
  private readonly anyway: AnywayScript;

  /** The caller owns the connection, and closes it. */
  constructor(
    private readonly commands: StoreConnection,
    prefix: string,
  ) {
    this.keys = createKeys(prefix);
    this.scripts = defineDirectoryScripts(commands);
    this.anyway = defineAnyway(commands);
  }

  async reserve(owner: VisitorId, room: RoomId, quota: QuotaLimits): Promise<Reservation> {
    const { open, made, windowMs, settledMs } = quota;
    const reply = await toChatErrors(
      this.scripts.reserve(this.placesOf(owner), [room, open, made, windowMs, settledMs, placesKeptMs]),
    );
    const [full, waitMs, held = []] = reply as [string, string?, RoomId[]?];
    if (full === "") return { is: "granted" };
    return {
      is: "refused",
      over: full === "open" ? "open" : "made",
      occupiedBy: [...new Set(held)],
      retryAfterMs: waitMs ? Number(waitMs) : openRetryMs,
    };
  }

  async giveBack(owner: VisitorId, { open, made }: { open: RoomId[]; made: RoomId[] }): Promise<void> {
    const pipeline = this.commands.pipeline();
    if (open.length > 0) pipeline.zrem(this.keys.openRooms(owner), ...open);
    if (made.length > 0) pipeline.zrem(this.keys.madeRooms(owner), ...made);
    await replies(pipeline.exec());
  }

  async roomsOf(owner: VisitorId): Promise<RoomId[]> {
    const pipeline = this.commands.pipeline();
    for (const key of this.placesOf(owner)) pipeline.zrange(key, 0, "-1");
    return [...new Set(((await replies(pipeline.exec())) as RoomId[][]).flat())];
  }

  async forget(owner: VisitorId): Promise<void> {
    await toChatErrors(this.commands.del(this.placesOf(owner)));
  }

  async claimTitle(skeleton: string, room: RoomId): Promise<TitleAnswer> {
    const reply = await toChatErrors(this.scripts["title-claim"](this.titleKeys, [skeleton, room]));
    const [holder, at, now] = reply as [RoomId, string, string];
    const claim = { skeleton, room: holder, at: Number(at) };
    return { is: holder === room ? "granted" : "held", claim, now: Number(now) };
  }

  async oldestTitles(count: number): Promise<{ now: number; claims: TitleClaim[] }> {
    const { roomTitles, roomTitleTimes } = this.keys;
    const [time, oldest] = await replies(
      this.commands
        .pipeline()
        .time()
        .zrange(roomTitleTimes, 0, String(count - 1), "WITHSCORES")
        .exec(),
    );
    const list = oldest as string[];
    const skeletons = list.filter((_, index) => index % 2 === 0);
    const rooms =
      skeletons.length > 0 ? await toChatErrors(this.commands.hmget(roomTitles, ...skeletons)) : [];
    const claims = skeletons.map((skeleton, index) => ({
      skeleton,
      room: rooms[index] ?? "",
      at: Number(list[2 * index + 1]),
    }));
    return { now: millisecondsOf(time), claims: claims.filter(({ room }) => room !== "") };
  }

  async settleTitles({ gone, there }: { gone: TitleClaim[]; there: TitleClaim[] }): Promise<void> {
    const args = [...gone, ...there].flatMap(({ skeleton, room, at }, index) => [
      skeleton,
      room,
      at,
      index < gone.length ? "" : "1",
    ]);
    if (args.length > 0) await toChatErrors(this.scripts["title-settle"](this.titleKeys, args));
  }

  async announce(): Promise<void> {
    await toChatErrors(this.commands.incr(this.keys.roomIndexVersion));
  }

  async closed({ id, owner }: Pick<Room, "id" | "owner">): Promise<void> {
    const { roomIndex, roomCrowds, roomIndexVersion, openRooms } = this.keys;
    const pipeline = this.commands.pipeline().zrem(roomIndex, id).zrem(roomCrowds, id);
    if (owner !== undefined) pipeline.zrem(openRooms(owner), id);
    await replies(pipeline.exec());
    await toChatErrors(this.anyway([roomIndexVersion], ["INCR"]));
  }

  async heard(rooms: readonly IndexedRoom[]): Promise<void> {
    if (rooms.length === 0) return;
    const { roomIndex, roomCrowds } = this.keys;
    const crowded = rooms.filter(({ people }) => people > 0);
    const empty = rooms.filter(({ people }) => people === 0);
    const pipeline = this.commands
      .pipeline()
      .zadd(roomIndex, "GT", ...rooms.flatMap(({ room, activeAt }) => [activeAt, room]));
    if (crowded.length > 0)
      pipeline.zadd(roomCrowds, ...crowded.flatMap((indexed) => [crowdOf(indexed), indexed.room]));
    if (empty.length > 0) pipeline.zrem(roomCrowds, ...empty.map(({ room }) => room));
    for (const key of [roomIndex, roomCrowds]) pipeline.zremrangebyrank(key, 0, -mostIndexed - 1);
    await replies(pipeline.exec());
  }

  async version(): Promise<string> {
    return (await toChatErrors(this.commands.get(this.keys.roomIndexVersion))) ?? "0";
  }

  async read(): Promise<Listing> {
    const { roomIndex, roomCrowds } = this.keys;
    const [newest, oldest, fullest] = await replies(
      this.commands
        .pipeline()
        .zrevrange(roomIndex, 0, newestRead - 1, "WITHSCORES")
        .zrange(roomIndex, 0, String(oldestRead - 1), "WITHSCORES")
        .zrevrange(roomCrowds, 0, fullestRead - 1, "WITHSCORES")
        .exec(),
    );
    const active = new Map<RoomId, RankedRoom>();
    for (const place of [...readPlaces(newest), ...readPlaces(oldest)])
      active.set(place.room, active.get(place.room) ?? place);
    return { active: [...active.values()], crowded: readPlaces(fullest) };
  }

  async correct({ active, crowded }: Corrections): Promise<void> {
    await this.correctIn(this.keys.roomIndex, active);
    await this.correctIn(this.keys.roomCrowds, crowded);
  }

  private async correctIn(key: string, corrections: readonly Correction[]): Promise<void> {
    if (corrections.length === 0) return;
    const args = corrections.flatMap(({ place, truly }) => [place.room, place.rank, truly ?? ""]);
    await toChatErrors(this.scripts.correct([key], args));
  }

  private get titleKeys(): string[] {
    return [this.keys.roomTitles, this.keys.roomTitleTimes];
  }

  private placesOf(owner: VisitorId): string[] {
    return [this.keys.openRooms(owner), this.keys.madeRooms(owner)];
  }
}

/** The reply of TIME: seconds, and the microseconds of the present second. */
function millisecondsOf(time: unknown): number {
  const [seconds = 0, microseconds = 0] = (time as string[]).map(Number);
  return seconds * 1000 + Math.floor(microseconds / 1000);
}

/** Rooms and scores in turn. */
function readPlaces(reply: unknown): RankedRoom[] {
  const list = reply as string[];
  return list.flatMap((room, index) => (index % 2 ? [] : [{ room, rank: Number(list[index + 1]) }]));
}
