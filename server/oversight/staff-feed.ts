import type { Entry, RoomId, StaffLine, VisitorId } from "../../protocol/events";
import { isPublicRoom, lobbyId } from "../../protocol/limits";
import type { Broker } from "../broker/broker";
import type { RoomSummary } from "../broker/rooms";
import { entriesFor } from "../moderation/entry-view";
import type { Moderation } from "../moderation/moderation";
import type { RoomIndex } from "../rooms/room-index";

/** How many rooms are looked at, the last active first. */
export const mostRooms = 50;
/** Of each room. */
const newest = { limit: 200, maxBytes: 64 * 1024 };
const mostLines = 200;
/** The index learns of an entry within a second or two, so a later question looks back a little. */
const overlapMs = 5_000;

type StaffFeedOptions = {
  broker: { rooms: Pick<Broker["rooms"], "summaries">; feed: Pick<Broker["feed"], "read"> };
  roomIndex: Pick<RoomIndex, "activeAfter">;
  moderation: Pick<Moderation, "roles">;
};

/** O-11: the messages of all public rooms together. Only the owner and moderators are given them. */
export class StaffFeed {
  constructor(private readonly options: StaffFeedOptions) {}

  /**
   * The last lines, the oldest first; with `since` those from a little before that moment, so some are given again. Throws
   * ChatError("forbidden") unless `by` has a role.
   */
  async read(by: VisitorId, since?: number): Promise<StaffLine[]> {
    this.options.moderation.roles.check(by);
    const after = since === undefined ? 0 : since - overlapMs;
    const rooms = (await this.rooms(after)).filter(({ lastEntryAt }) => lastEntryAt >= after);
    const lines = await Promise.all(rooms.map((room) => this.linesOf(room)));
    return lines
      .flat()
      .filter(({ entry }) => entry.at >= after)
      .sort((one, other) => one.entry.at - other.entry.at)
      .slice(-mostLines);
  }

  /** Open public rooms with entries after a moment, the lobby first. */
  async rooms(after: number): Promise<RoomSummary[]> {
    const { broker, roomIndex } = this.options;
    const active = await roomIndex.activeAfter(after, mostRooms);
    const summaries = await broker.rooms.summaries([lobbyId, ...active.map(({ room }) => room)]);
    return summaries
      .filter((room) => room !== undefined)
      .filter(({ closed, id }) => !closed && isPublicRoom(id));
  }

  /** The newest entries of a room; none of one that has ended. */
  async entriesOf(room: RoomId, range = newest): Promise<{ epoch: string; entries: Entry[] }> {
    return this.options.broker.feed.read(room, range).catch(() => ({ epoch: "", entries: [] }));
  }

  private async linesOf(room: RoomSummary): Promise<StaffLine[]> {
    const { epoch, entries } = await this.entriesOf(room.id);
    return staffLines(room, epoch, entries);
  }
}

/** The messages among the entries, as the owner and moderators are given them, with what removes and publishes some. */
export function staffLines(
  { id, title }: Pick<RoomSummary, "id" | "title">,
  epoch: string,
  entries: readonly Entry[],
): StaffLine[] {
  return entriesFor(entries, { visitor: "", isStaff: true }).flatMap((entry) =>
    entry.kind === "message" || entry.kind === "removal" || entry.kind === "published"
      ? [{ room: id, title, epoch, entry }]
      : [],
  );
}
