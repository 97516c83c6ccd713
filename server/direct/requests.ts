import type { Conversation, RoomId, VisitorId } from "../../protocol/events";
import type { Broker } from "../broker/broker";
import { partnerIn } from "../broker/direct-rooms";
import type { RoomSummary } from "../broker/rooms";
import type { ConversationIndex } from "./conversation-index";
import { isRequestTo } from "./conversation-room";
import type { ConversationView } from "./conversation-view";
import { LastTexts } from "./last-text";
import { callBoth, type OnlineVisitors } from "./online-visitors";

export type RequestsOptions = {
  broker: Broker;
  conversationIndex: ConversationIndex;
  onlineVisitors: OnlineVisitors;
};

/** Conversations that the partner has opened and the visitor has not entered yet. Throws as the stores do. */
export class Requests {
  /** A view that is given again needs no second read. */
  private readonly withText = new WeakMap<ConversationView, Promise<Conversation>>();

  private readonly lastTexts: LastTexts;

  constructor(private readonly options: RequestsOptions) {
    this.lastTexts = new LastTexts(options.broker.feed);
  }

  /** Call when a visitor has joined a room: joining a conversation that its partner requests accepts it. */
  async joined(room: RoomId, visitor: VisitorId): Promise<void> {
    const partner = partnerIn(room, visitor);
    if (partner === undefined) return;
    const [summary] = await this.options.broker.rooms.summaries([room]);
    if (summary?.askedBy === partner) await this.accept(summary, visitor, summary.sharedRoom ?? "");
  }

  /** Call when the visitor enters an existing conversation: accepts the request in it if the partner made it. */
  async accept(summary: RoomSummary, visitor: VisitorId, sharedRoom: RoomId | ""): Promise<void> {
    const partner = partnerIn(summary.id, visitor);
    if (partner === undefined || (!isRequestTo(visitor, summary) && summary.sharedRoom === sharedRoom))
      return;
    const { broker, conversationIndex, onlineVisitors } = this.options;
    if (!(await broker.rooms.accept(summary.id, visitor, sharedRoom))) return;
    const versions = await conversationIndex.accepted(visitor, partner, summary.createdAt);
    await callBoth(onlineVisitors, [visitor, partner], versions);
  }

  /** The conversations or requests with the beginning of each one's last message: one read for each view. */
  withTexts(views: readonly ConversationView[]): Promise<Conversation[]> {
    return Promise.all(
      views.map((view) => {
        const known = this.withText.get(view);
        if (known !== undefined) return known;
        const reading = this.readText(view);
        this.withText.set(view, reading);
        reading.catch(() => this.withText.delete(view));
        return reading;
      }),
    );
  }

  private async readText({ conversation, summary }: ConversationView): Promise<Conversation> {
    const reader = partnerIn(summary.id, conversation.partner.id);
    const text = await this.lastTexts.of(summary, reader);
    return { ...conversation, ...(text !== undefined && { text }) };
  }
}
