import type { VisitorId } from "../../../protocol/events";
import type { OwnView } from "../rooms";

/** How many are kept, and their bytes as JSON. */
export type Amount = { number: number; bytes: number };

/** A feed as it is kept, but for its entries. `lastMessage`: its number. `bytes`: the memory that all of it takes. */
export type SavedFeed = {
  epoch: string;
  first: number;
  head: number;
  lastEntryAt: number;
  lastMessage?: number;
  repliedAt?: number;
  lastBy?: VisitorId;
  ownViews?: Record<VisitorId, OwnView>;
  messages: Amount;
  notices: Amount;
  bytes: number;
};

/** The feed of a room that is made now. `at`: milliseconds since 1970. */
export const newFeed = (epoch: string, at: number): SavedFeed => ({
  epoch,
  first: 1,
  head: 0,
  lastEntryAt: at,
  messages: { number: 0, bytes: 0 },
  notices: { number: 0, bytes: 0 },
  bytes: 0,
});
