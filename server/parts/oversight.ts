import type { Inboxes } from "../direct/inboxes";
import { ActivityCounts } from "../oversight/activity-counts";
import { Overviews } from "../oversight/overview";
import { StaffFeed } from "../oversight/staff-feed";
import { Visitors } from "../oversight/visitors";
import type { RoomList } from "../rooms/list";
import type { Base } from "./base";
import type { Moderated } from "./moderation";

type Composed = Moderated & { roomList: RoomList; inboxes: Inboxes };

/** What the owner and moderators see of the whole site. */
export function composeOversight(base: Base, { moderation, roomList, inboxes }: Composed) {
  const { stores } = base;
  const counts = new ActivityCounts({
    ...base,
    records: stores.records,
    visitors: () => inboxes.visitors(),
  });
  const feed = new StaffFeed({ ...stores, moderation });
  return {
    counting: counts,
    oversight: {
      feed,
      overviews: new Overviews({ counts, feed, roomList, moderation }),
      visitors: new Visitors({ ...stores, moderation, feed }),
    },
  };
}
