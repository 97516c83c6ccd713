import type { Cursor, Receipt, VisitorId } from "../../../protocol/events";
import { forgottenName } from "../../../protocol/limits";
import { mostOwnViews, type OwnView } from "../rooms";
import type { SavedFeed } from "./saved-feed";

type Talk = Pick<SavedFeed, "epoch" | "lastMessage" | "repliedAt" | "lastBy" | "ownViews">;

/** What a room's summary tells of its messages: to all, and to visitors whose own messages were withheld. */
export class RoomTalk {
  /** `kept` is changed in place. */
  constructor(private readonly kept: Talk) {}

  get lastMessage(): Cursor | undefined {
    const { epoch, lastMessage } = this.kept;
    return lastMessage === undefined ? undefined : { epoch, seq: lastMessage };
  }

  /** When an author last wrote after another one. */
  get repliedAt(): number | undefined {
    return this.kept.repliedAt;
  }

  /** Undefined for a visitor to whom the room looks as it does to all. */
  ownViewOf(visitor: VisitorId): OwnView | undefined {
    return this.kept.ownViews?.[visitor];
  }

  said(author: VisitorId, { seq, at }: Receipt): void {
    const { kept } = this;
    if (kept.lastBy !== undefined && kept.lastBy !== author) kept.repliedAt = at;
    kept.lastBy = author;
    kept.lastMessage = seq;
  }

  /** `firstKept`: the lowest number that is still kept. */
  saidWithheld(author: VisitorId, { seq, at }: Receipt, firstKept: number): void {
    const { epoch, lastMessage = 0, lastBy } = this.kept;
    const before = this.ownViewOf(author);
    const isAfterOwn = (before?.lastMessage.seq ?? 0) > lastMessage;
    const isReply = !isAfterOwn && lastBy !== undefined && lastBy !== author;
    const repliedAt = isReply ? at : before?.repliedAt;
    const view = { lastMessage: { epoch, seq }, ...(repliedAt !== undefined && { repliedAt }) };
    this.kept.ownViews ??= {};
    this.kept.ownViews[author] = view;
    for (const gone of oldOf(this.kept.ownViews, firstKept)) delete this.kept.ownViews[gone];
  }

  forget(visitor: VisitorId): void {
    delete this.kept.ownViews?.[visitor];
    if (this.kept.lastBy === visitor) this.kept.lastBy = forgottenName;
  }
}

const oldOf = (views: Record<VisitorId, OwnView>, firstKept: number): VisitorId[] =>
  Object.entries(views)
    .sort(([, one], [, other]) => other.lastMessage.seq - one.lastMessage.seq)
    .filter(([, { lastMessage }], index) => index >= mostOwnViews || lastMessage.seq < firstKept)
    .map(([author]) => author);
