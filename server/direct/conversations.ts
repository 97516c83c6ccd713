import type { Conversation, Partner, RequestState, Room, RoomId, VisitorId } from "../../protocol/events";
import { forgottenName, maxPreviewLength, visitorIdPattern } from "../../protocol/limits";
import type { VisitedRooms } from "../accounts/visited-rooms";
import type { Broker } from "../broker/broker";
import { directRoomOf, pairOf, partnerIn } from "../broker/direct-rooms";
import type { RoomSummary } from "../broker/rooms";
import { ChatError } from "../errors";
import type { RateLimit } from "../limits/rate-limit";
import type { StoreSpace } from "../limits/store-space";
import type { ConversationIndex, DirectSettings, Relation } from "./conversation-index";
import { requestIn, roomOf } from "./conversation-room";
import type { OnlineVisitors } from "./online-visitors";
import type { SharedRooms } from "./shared-rooms";

export type ConversationsOptions = {
  broker: Broker;
  conversationIndex: ConversationIndex;
  onlineVisitors: OnlineVisitors;
  visitedRooms: VisitedRooms;
  sharedRooms: SharedRooms;
  /** Bounds the conversations that one visitor begins, on each replica. */
  openings: RateLimit;
  /** Bounds how often one visitor has its whole list read. */
  readings: RateLimit;
  /** What the store has room for; without it, for everything. */
  space?: StoreSpace;
};

export type OpenedConversation = { room: Room; partner: Partner; request?: RequestState };

/**
 * The same message for a partner who blocks and for one who wants no new conversations, so that it does not tell which.
 */
const unwanted = "This visitor isn’t accepting messages from you.";
const ownBlock = "You’ve blocked this visitor.";
const neverMet = "You can only block visitors you’ve met in a room or a conversation.";

/** What a visitor may do with its conversations; everything inside one is done as in any room. */
export class Conversations {
  constructor(private readonly options: ConversationsOptions) {}

  /**
   * Opens the one room of these two visitors. A new one is a request until the partner comes. Throws
   * ChatError("forbidden") when the partner has blocked the visitor, or wants no new conversations and there is none
   * yet. `permit` is called before a room is made; it refuses by throwing.
   */
  async open(
    visitor: VisitorId,
    partner: VisitorId,
    permit?: () => Promise<void>,
  ): Promise<OpenedConversation> {
    checkPartner(visitor, partner);
    const { conversationIndex, broker, onlineVisitors, sharedRooms, readings } = this.options;
    readings.take(visitor);
    const id = directRoomOf(visitor, partner);
    const [relation, [known], [isHere = false], shared] = await Promise.all([
      conversationIndex.relation(visitor, partner),
      broker.summaries([id]),
      onlineVisitors.areHere([partner]),
      sharedRooms.of(visitor, partner),
    ]);
    if (!isWelcome(relation, known, visitor)) throw new ChatError("forbidden", unwanted);
    const summary = known ?? (await this.make(id, visitor, { sharedRoom: shared.room, permit }));
    if (known !== undefined) await this.acceptRequest(summary, visitor, shared.room);
    await conversationIndex.opened(visitor, partner, summary.createdAt).catch((error: unknown) => {
      // A visitor that has the conversation in its list may come in to tidy up even when the store is full.
      if (!relation.lists || !(error instanceof ChatError) || error.code !== "storage_full") throw error;
    });
    const isAsking = summary.askedBy === visitor;
    const request = isAsking ? requestIn(summary, visitor) : undefined;
    const online = isHere && (!isAsking || shared.isNow);
    const name = shared.partnerName ?? forgottenName;
    return { room: roomOf(summary), partner: { id: partner, name, online }, ...(request && { request }) };
  }

  /** Call when a visitor has joined a room: joining a conversation that it was asked for accepts it. */
  async joined(room: RoomId, visitor: VisitorId): Promise<void> {
    const partner = partnerIn(room, visitor);
    if (partner === undefined) return;
    const [summary] = await this.options.broker.summaries([room]);
    if (summary?.askedBy === partner) await this.acceptRequest(summary, visitor, summary.sharedRoom ?? "");
  }

  /**
   * Throws ChatError("forbidden") when one of the two has blocked or refuses the other; in other rooms every member may
   * speak. Returns whether the conversation is still the visitor's own request.
   */
  async permit(room: RoomId, visitor: VisitorId): Promise<boolean> {
    const partner = partnerIn(room, visitor);
    if (partner === undefined) return false;
    const { conversationIndex, broker } = this.options;
    const [relation, [summary]] = await Promise.all([
      conversationIndex.relation(visitor, partner),
      broker.summaries([room]),
    ]);
    if (relation.hasBlocked) throw new ChatError("forbidden", ownBlock);
    if (summary !== undefined && !isWelcome(relation, summary, visitor))
      throw new ChatError("forbidden", unwanted);
    return summary?.askedBy === visitor;
  }

  /**
   * Call before a message is acknowledged: then a retry updates both lists if a replica died before it did.
   * `isRequest`: what `permit` returned; an acceptance meanwhile is found when the list is read.
   */
  async messageSent(room: RoomId, author: VisitorId, at: number, isRequest: boolean): Promise<void> {
    const partner = partnerIn(room, author);
    if (partner === undefined) return;
    const { conversationIndex } = this.options;
    await (isRequest
      ? conversationIndex.asked(author, partner, at)
      : conversationIndex.messageSent(author, partner, at));
    await this.callBoth(author, partner);
  }

  /** Call when a message was removed: it may have been unread. */
  async messageRemoved(room: RoomId): Promise<void> {
    const [one, other] = pairOf(room) ?? [];
    if (one === undefined || other === undefined) return;
    await this.options.conversationIndex.touch([one, other]);
    await this.callBoth(one, other);
  }

  /** Throws ChatError("room_not_found") unless the room is a conversation of the visitor. */
  async read(room: RoomId, visitor: VisitorId, seq: number): Promise<void> {
    const partner = partnerIn(room, visitor);
    if (partner === undefined) throw new ChatError("room_not_found");
    const { broker, conversationIndex, onlineVisitors } = this.options;
    if (!(await broker.markRead(room, visitor, seq))) return;
    await conversationIndex.touch([visitor]);
    await onlineVisitors.call([visitor], { about: "conversation", of: partner });
  }

  /** Takes a conversation off the visitor's own list. Throws ChatError("room_not_found") unless it is the visitor's. */
  async drop(room: RoomId, visitor: VisitorId): Promise<void> {
    const partner = partnerIn(room, visitor);
    if (partner === undefined) throw new ChatError("room_not_found");
    await this.options.conversationIndex.drop(visitor, partner);
    await this.options.onlineVisitors.call([visitor], { about: "conversation", of: partner });
  }

  /** Adds to each request the beginning of its last message. */
  withTexts(requests: readonly Conversation[]): Promise<Conversation[]> {
    return Promise.all(requests.map((request) => this.withText(request)));
  }

  /** Call before reading the list: it counts against the rate. */
  async settings(visitor: VisitorId): Promise<DirectSettings> {
    this.options.readings.take(visitor);
    return this.options.conversationIndex.settings(visitor);
  }

  async refuse(visitor: VisitorId, refuses: boolean): Promise<void> {
    await this.options.conversationIndex.refuse(visitor, refuses);
  }

  /**
   * A blocked visitor sees its partner go offline, and come back once unblocked. Throws ChatError("forbidden") when the
   * two have never met, or too many are blocked; unblocking always works.
   */
  async block(visitor: VisitorId, other: VisitorId, isBlocked: boolean): Promise<void> {
    checkPartner(visitor, other);
    const { conversationIndex, onlineVisitors, space } = this.options;
    if (isBlocked && !(await this.haveMet(visitor, other))) throw new ChatError("forbidden", neverMet);
    if (isBlocked) space?.check("messages");
    const hasChanged = await conversationIndex.block(visitor, other, isBlocked);
    if (!hasChanged) return;
    await conversationIndex.touch([other]);
    await onlineVisitors.call([other], { about: "presence", of: visitor });
  }

  /**
   * The name for a visitor that joins a conversation without asking for one: the name by which the partner knows it.
   */
  async usualName(room: RoomId, visitor: VisitorId): Promise<string | undefined> {
    const partner = partnerIn(room, visitor);
    return partner && (await this.options.sharedRooms.of(visitor, partner)).ownName;
  }

  private async haveMet(visitor: VisitorId, other: VisitorId): Promise<boolean> {
    const { conversationIndex, visitedRooms } = this.options;
    const [{ lists }, shared] = await Promise.all([
      conversationIndex.relation(visitor, other),
      visitedRooms.shared(visitor, other),
    ]);
    return lists || shared.length > 0;
  }

  private async make(
    id: RoomId,
    visitor: VisitorId,
    { sharedRoom, permit }: { sharedRoom: RoomId | ""; permit: (() => Promise<void>) | undefined },
  ): Promise<RoomSummary> {
    const { broker, openings, space } = this.options;
    openings.take(visitor);
    space?.check("creations");
    await permit?.();
    try {
      const room = await broker.create({ id, title: "", kind: "direct", askedBy: visitor, sharedRoom });
      return { ...room, memberCount: 0, lastEntryAt: room.createdAt, askedBy: visitor, sharedRoom };
    } catch (error) {
      if (!(error instanceof ChatError) || error.code !== "room_exists") throw error;
      // The partner has just made it.
      const [summary] = await broker.summaries([id]);
      if (summary === undefined) throw new ChatError("unavailable");
      await this.acceptRequest(summary, visitor, sharedRoom);
      return summary;
    }
  }

  /** Called when the visitor enters an existing conversation: accepts the request in it, if it was asked. */
  private async acceptRequest(
    summary: RoomSummary,
    visitor: VisitorId,
    sharedRoom: RoomId | "",
  ): Promise<void> {
    const partner = partnerIn(summary.id, visitor);
    const isAsked = summary.askedBy !== undefined && summary.askedBy !== visitor;
    if (partner === undefined || (!isAsked && summary.sharedRoom === sharedRoom)) return;
    const { broker, conversationIndex, onlineVisitors } = this.options;
    if (!(await broker.accept(summary.id, visitor, sharedRoom))) return;
    await conversationIndex.accepted(visitor, partner, summary.createdAt);
    await onlineVisitors.call([partner], { about: "conversation", of: visitor });
    await onlineVisitors.call([visitor], { about: "conversation", of: partner });
  }

  private async withText(request: Conversation): Promise<Conversation> {
    const { broker } = this.options;
    const [summary] = await broker.summaries([request.room.id]);
    const seq = summary?.lastMessage?.seq;
    if (seq === undefined) return request;
    const { entries } = await broker.read(request.room.id, { after: seq - 1, before: seq + 1, limit: 1 });
    const text = entries[0]?.kind === "message" ? entries[0].text : "";
    return { ...request, text: [...text].slice(0, maxPreviewLength).join("") };
  }

  private async callBoth(one: VisitorId, other: VisitorId): Promise<void> {
    const { onlineVisitors } = this.options;
    await Promise.all([
      onlineVisitors.call([one], { about: "conversation", of: other }),
      onlineVisitors.call([other], { about: "conversation", of: one }),
    ]);
  }
}

/** A partner that refuses new conversations still takes this one if it has begun or accepted it before. */
function isWelcome({ partner }: Relation, summary: RoomSummary | undefined, visitor: VisitorId): boolean {
  const isKnown = partner.knows && summary !== undefined && summary.askedBy !== visitor;
  return !partner.hasBlocked && (!partner.refuses || isKnown);
}

function checkPartner(visitor: VisitorId, partner: VisitorId): void {
  if (!visitorIdPattern.test(partner)) throw new ChatError("bad_request", "This isn’t a visitor’s ID.");
  if (partner === visitor) throw new ChatError("bad_request", "This is your own ID.");
}
