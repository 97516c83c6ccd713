import type { ListedRoom, Overview, VisitorId } from "../../protocol/events";
import type { Moderation } from "../moderation/moderation";
import { type RoomList, toListed } from "../rooms/list";
import type { ActivityCounts } from "./activity-counts";
import type { StaffFeed } from "./staff-feed";

type OverviewsOptions = {
  counts: Pick<ActivityCounts, "visitors" | "messages">;
  feed: Pick<StaffFeed, "rooms">;
  roomList: Pick<RoomList, "rooms">;
  moderation: Pick<Moderation, "roles" | "knownReports" | "rules" | "roleOf">;
};

/** O-11: the numbers of the whole site, for the owner and moderators. */
export class Overviews {
  constructor(private readonly options: OverviewsOptions) {}

  /** Throws ChatError("forbidden") unless `by` has a role. */
  async read(by: VisitorId): Promise<Overview> {
    const { counts, moderation } = this.options;
    moderation.roles.check(by);
    const role = moderation.roleOf(by) ?? "moderator";
    const [visitors, messages, rooms] = await Promise.all([
      counts.visitors(),
      counts.messages(),
      this.rooms(),
    ]);
    const staff = moderation.roles.holders();
    return { role, staff, visitors, rooms, messages, reports: moderation.knownReports.openCount };
  }

  /** The listed rooms, then those that no second visitor has written in yet. */
  private async rooms(): Promise<ListedRoom[]> {
    const { roomList, feed, moderation } = this.options;
    const listed = await roomList.rooms();
    const known = new Set(listed.map(({ id }) => id));
    const others = (await feed.rooms(0)).filter(({ id }) => !known.has(id)).map(toListed);
    return [...listed, ...others].map((room) => moderation.rules.of(room));
  }
}
