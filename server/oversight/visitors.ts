import type { Entry, RoomId, SeenVisitor, StaffLine, VisitorAnswer, VisitorId } from "../../protocol/events";
import { forgottenName, isPublicRoom, visitorIdPattern } from "../../protocol/limits";
import type { VisitedRooms } from "../accounts/visited-rooms";
import type { Broker } from "../broker/broker";
import type { NameIn } from "../broker/rooms";
import type { OnlineVisitors } from "../direct/online-visitors";
import type { Moderation } from "../moderation/moderation";
import { skeleton } from "../names/skeleton";
import { type StaffFeed, staffLines } from "./staff-feed";

const mostFound = 50;
/** How many rooms of one visitor are told, and in how many of them its messages are looked for. */
const [mostRooms, mostSearched] = [50, 15];
/** How much of a room's history is searched. */
const searched = { limit: 500, maxBytes: 512 * 1024 };
const mostLines = 50;

type VisitorsOptions = {
  broker: Broker;
  visitedRooms: Pick<VisitedRooms, "roomsOf">;
  onlineVisitors: Pick<OnlineVisitors, "areOnline">;
  moderation: Pick<Moderation, "roles" | "roleOf" | "sanctions">;
  feed: Pick<StaffFeed, "rooms" | "entriesOf">;
};
type Visit = NameIn & { room: RoomId };

/**
 * O-12: what the owner and moderators may know of a visitor, read from public rooms when they ask. Nothing is kept for it, and
 * conversations are left out. Every method throws ChatError("forbidden") unless `by` has a role.
 */
export class Visitors {
  constructor(private readonly options: VisitorsOptions) {}

  /**
   * The visitor with that id, or those whose name has the query in it, in the rooms that were active last; names are compared by
   * skeleton. The last seen come first.
   */
  async find(by: VisitorId, query: string): Promise<SeenVisitor[]> {
    this.options.moderation.roles.check(by);
    const known = visitorIdPattern.test(query) ? await this.visitsOf(query) : [];
    const [last] = known;
    if (last !== undefined) return [this.seen(query, last)];
    const wanted = skeleton(query);
    if (wanted === "") return [];
    const found = new Map<VisitorId, SeenVisitor>();
    for (const { id: room } of await this.options.feed.rooms(0))
      for (const seen of await this.namesIn(room)) {
        if (!skeleton(seen.name).includes(wanted)) continue;
        const earlier = found.get(seen.visitor);
        if (earlier === undefined || earlier.at < seen.at) found.set(seen.visitor, seen);
      }
    return [...found.values()].sort((one, other) => other.at - one.at).slice(0, mostFound);
  }

  async show(by: VisitorId, visitor: VisitorId): Promise<VisitorAnswer> {
    const { broker, onlineVisitors, moderation } = this.options;
    moderation.roles.check(by);
    const visits = await this.visitsOf(visitor);
    const [online = false] = await onlineVisitors.areOnline([visitor]);
    const summaries = await broker.rooms.summaries(visits.map(({ room }) => room));
    const titles = new Map(summaries.flatMap((room) => (room ? [[room.id, room.title] as const] : [])));
    const written = await Promise.all(
      visits
        .slice(0, mostSearched)
        .map(({ room }) => this.writtenIn(room, titles.get(room) ?? room, visitor)),
    );
    const firstSeenAt = Math.min(...written.flatMap(({ firstAt }) => firstAt ?? []));
    const lines = written.flatMap((each) => each.lines).sort((one, other) => one.entry.at - other.entry.at);
    const role = moderation.roleOf(visitor);
    return {
      visitor,
      ...(role && { role }),
      online,
      ...(Number.isFinite(firstSeenAt) && { firstSeenAt }),
      rooms: visits.map((visit) => ({ ...visit, title: titles.get(visit.room) ?? visit.room })),
      lines: lines.slice(-mostLines),
      sanctions: moderation.sanctions.of(visitor),
    };
  }

  /** The last names of these visitors in public rooms, as far as they have one. */
  async names(by: VisitorId, visitors: readonly VisitorId[]): Promise<Record<VisitorId, string>> {
    this.options.moderation.roles.check(by);
    const visits = await Promise.all(visitors.map((visitor) => this.visitsOf(visitor)));
    const named = visitors.flatMap((visitor, index) => {
      const name = visits[index]?.[0]?.name;
      return name === undefined ? [] : [[visitor, name] as const];
    });
    return Object.fromEntries(named);
  }

  /** The public rooms in which the visitor has a name, the last first. */
  private async visitsOf(visitor: VisitorId): Promise<Visit[]> {
    const { broker, visitedRooms } = this.options;
    const rooms = (await visitedRooms.roomsOf(visitor)).filter(isPublicRoom);
    const names = await broker.rooms.namesIn(rooms.map((room) => ({ room, visitor })));
    return rooms
      .flatMap((room, index) => {
        const name = names[index];
        return name === undefined ? [] : [{ room, ...name }];
      })
      .sort((one, other) => other.at - one.at)
      .slice(0, mostRooms);
  }

  private async namesIn(room: RoomId): Promise<SeenVisitor[]> {
    const { broker, feed } = this.options;
    const present = await broker.membership.list(room).catch(() => undefined);
    const members = new Map((present?.members ?? []).map(({ id, name }) => [id, name]));
    const { entries } = await feed.entriesOf(room, searched);
    const now = entries.at(-1)?.at ?? 0;
    const here = [...members].map(([id, name]) => ({ id, name, at: now }));
    // Once each: comparing a name costs more than anything else here.
    const named = new Map(
      [...entries.flatMap(authorsOf), ...here].map((each) => [`${each.id} ${each.name}`, each]),
    );
    return [...named.values()]
      .filter(({ name }) => name !== forgottenName)
      .map(({ id, name, at }) => this.seen(id, { room, name, at, isMember: members.has(id) }));
  }

  private async writtenIn(
    id: RoomId,
    title: string,
    visitor: VisitorId,
  ): Promise<{ lines: StaffLine[]; firstAt?: number }> {
    const { epoch, entries } = await this.options.feed.entriesOf(id, searched);
    const own = entries.filter((entry) => authorsOf(entry).some((author) => author.id === visitor));
    const lines = staffLines({ id, title }, epoch, own).filter(({ entry }) => entry.kind === "message");
    const firstAt = own[0]?.at;
    return { lines, ...(firstAt !== undefined && { firstAt }) };
  }

  private seen(visitor: VisitorId, { room, name, at, isMember }: Visit): SeenVisitor {
    const role = this.options.moderation.roleOf(visitor);
    return { visitor, name, ...(role && { role }), room, at, isMember };
  }
}

/** The visitor that an entry names, under each name in it. */
function authorsOf(entry: Entry): { id: VisitorId; name: string; at: number }[] {
  if (!("by" in entry)) return [];
  const { by, at } = entry;
  const was = entry.kind === "rename" ? [{ id: by.id, name: entry.was, at }] : [];
  return [{ id: by.id, name: by.name, at }, ...was];
}
