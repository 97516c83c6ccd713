import type { Partner, RequestState, Room, RoomId, VisitorId } from "../../protocol/events";
import { forgottenName } from "../../protocol/limits";
import { directRoomOf, pairOf, partnerIn } from "../broker/direct-rooms";
import type { RoomSummary } from "../broker/rooms";
import { ChatError } from "../errors";
import type { RateLimit } from "../limits/rate-limit";
import { Blocking, type BlockingOptions } from "./blocking";
import type { Relation } from "./conversation-index";
import { requestIn, roomOf } from "./conversation-room";
import { callBoth } from "./online-visitors";
import { checkPartner } from "./partner";
import { Requests, type RequestsOptions } from "./requests";
import type { SharedRooms } from "./shared-rooms";

export type ConversationsOptions = RequestsOptions &
  BlockingOptions & {
    sharedRooms: SharedRooms;
    /** Bounds the conversations that one visitor begins, on each replica. */
    openings: RateLimit;
  };

/** `version`: that of the visitor's lists with the conversation, if opening it changed them. */
export type OpenedConversation = {
  room: Room;
  partner: Partner;
  request?: RequestState;
  version?: number | undefined;
};

/**
 * The same message for a partner who blocks and for one who wants no new conversations, so that it does not tell which.
 */
const unwanted = "This visitor isn’t accepting messages from you.";
const ownBlock = "You’ve blocked this visitor.";

/** What a visitor may do with its conversations; everything inside one is done as in any room. */
export class Conversations {
  readonly requests: Requests;
  readonly blocking: Blocking;

  constructor(private readonly options: ConversationsOptions) {
    this.requests = new Requests(options);
    this.blocking = new Blocking(options);
  }

  /**
   * Opens the one room of these two visitors. A new one is a request until the partner comes. Throws
   * ChatError("forbidden") when the partner has blocked the visitor, or wants no new conversations and there is none
   * yet. `checkMayBegin` is called before a room is made; it refuses by throwing.
   */
  async open(
    visitor: VisitorId,
    partner: VisitorId,
    checkMayBegin?: () => Promise<void>,
  ): Promise<OpenedConversation> {
    checkPartner(visitor, partner);
    const { conversationIndex, broker, onlineVisitors, sharedRooms, readings } = this.options;
    readings.take(visitor);
    const id = directRoomOf(visitor, partner);
    const [relation, [known], [isOnline = false], shared] = await Promise.all([
      conversationIndex.relation(visitor, partner),
      broker.rooms.summaries([id]),
      onlineVisitors.areOnline([partner]),
      sharedRooms.of(visitor, partner),
    ]);
    if (!isWelcome(relation, known, visitor)) throw new ChatError("forbidden", unwanted);
    const summary = known ?? (await this.make(id, visitor, { sharedRoom: shared.room, checkMayBegin }));
    if (known !== undefined) await this.requests.accept(summary, visitor, shared.room);
    const versions = await conversationIndex
      .opened(visitor, partner, summary.createdAt)
      .catch((error: unknown) => {
        // A visitor that has the conversation in its list may open it, and remove messages, even when the store is full.
        if (!relation.lists || !(error instanceof ChatError) || error.code !== "storage_full") throw error;
        return undefined;
      });
    const isOwnRequest = summary.askedBy === visitor;
    const request = isOwnRequest ? requestIn(summary, visitor) : undefined;
    const online = isOnline && (!isOwnRequest || shared.isNow);
    const name = shared.partnerName ?? forgottenName;
    return {
      room: roomOf(summary),
      partner: { id: partner, name, online },
      version: versions?.get(visitor),
      ...(request && { request }),
    };
  }

  /**
   * Throws ChatError("forbidden") when one of the two has blocked or refuses the other; in other rooms every member may
   * speak. `isOwnRequest`: the conversation is still the visitor's own request.
   */
  async checkMaySpeak(room: RoomId, visitor: VisitorId): Promise<{ isOwnRequest: boolean }> {
    const partner = partnerIn(room, visitor);
    if (partner === undefined) return { isOwnRequest: false };
    const { conversationIndex, broker } = this.options;
    const [relation, [summary]] = await Promise.all([
      conversationIndex.relation(visitor, partner),
      broker.rooms.summaries([room]),
    ]);
    if (relation.hasBlocked) throw new ChatError("forbidden", ownBlock);
    if (summary !== undefined && !isWelcome(relation, summary, visitor))
      throw new ChatError("forbidden", unwanted);
    return { isOwnRequest: summary?.askedBy === visitor };
  }

  /**
   * Call before a message is acknowledged: then a retry updates both lists if a replica died before it did.
   * `isOwnRequest`: as `checkMaySpeak` answered; an acceptance meanwhile is found when the list is read. Of a withheld message
   * the partner's list learns nothing.
   */
  async messageSent(
    room: RoomId,
    author: VisitorId,
    { at, isOwnRequest, isWithheld = false }: { at: number; isOwnRequest: boolean; isWithheld?: boolean },
  ): Promise<void> {
    const partner = partnerIn(room, author);
    if (partner === undefined) return;
    const { conversationIndex, onlineVisitors } = this.options;
    if (isWithheld) {
      const version = (await conversationIndex.wroteAlone(author, partner, at)).get(author);
      await onlineVisitors.call([author], { about: "conversation", of: partner, version });
      return;
    }
    const versions = await (isOwnRequest
      ? conversationIndex.requested(author, partner, at)
      : conversationIndex.messageSent(author, partner, at));
    await callBoth(onlineVisitors, [author, partner], versions);
  }

  /** Call when a message was removed: it may have been unread. */
  async messageRemoved(room: RoomId): Promise<void> {
    const [one, other] = pairOf(room) ?? [];
    if (one === undefined || other === undefined) return;
    const { conversationIndex, onlineVisitors } = this.options;
    await callBoth(onlineVisitors, [one, other], await conversationIndex.touch([one, other]));
  }

  /** Throws ChatError("room_not_found") unless the room is a conversation of the visitor. */
  async read(room: RoomId, visitor: VisitorId, seq: number): Promise<void> {
    const partner = partnerIn(room, visitor);
    if (partner === undefined) throw new ChatError("room_not_found");
    const { broker, conversationIndex, onlineVisitors } = this.options;
    if (!(await broker.unread.markRead(room, visitor, seq))) return;
    const version = (await conversationIndex.touch([visitor])).get(visitor);
    await onlineVisitors.call([visitor], { about: "conversation", of: partner, version });
  }

  /** Takes a conversation off the visitor's own list. Throws ChatError("room_not_found") unless it is the visitor's. */
  async drop(room: RoomId, visitor: VisitorId): Promise<void> {
    const partner = partnerIn(room, visitor);
    if (partner === undefined) throw new ChatError("room_not_found");
    const { conversationIndex, onlineVisitors } = this.options;
    const version = await conversationIndex.drop(visitor, partner);
    await onlineVisitors.call([visitor], { about: "conversation", of: partner, version });
  }

  /**
   * The name for a visitor that joins a conversation without asking for a name: the one by which the partner knows it.
   */
  async usualName(room: RoomId, visitor: VisitorId): Promise<string | undefined> {
    const partner = partnerIn(room, visitor);
    return partner && (await this.options.sharedRooms.of(visitor, partner)).ownName;
  }

  private async make(
    id: RoomId,
    visitor: VisitorId,
    {
      sharedRoom,
      checkMayBegin,
    }: { sharedRoom: RoomId | ""; checkMayBegin: (() => Promise<void>) | undefined },
  ): Promise<RoomSummary> {
    const { broker, openings, space } = this.options;
    openings.take(visitor);
    space?.check("creations");
    await checkMayBegin?.();
    try {
      const room = await broker.rooms.create({ id, title: "", kind: "direct", askedBy: visitor, sharedRoom });
      return { ...room, memberCount: 0, lastEntryAt: room.createdAt, askedBy: visitor, sharedRoom };
    } catch (error) {
      if (!(error instanceof ChatError) || error.code !== "room_exists") throw error;
      // The partner has just made it.
      const [summary] = await broker.rooms.summaries([id]);
      if (summary === undefined) throw new ChatError("unavailable");
      await this.requests.accept(summary, visitor, sharedRoom);
      return summary;
    }
  }
}

/** A partner that refuses new conversations still takes this one if it has begun or accepted it before. */
function isWelcome({ partner }: Relation, summary: RoomSummary | undefined, visitor: VisitorId): boolean {
  const isKnown = partner.knows && summary !== undefined && summary.askedBy !== visitor;
  return !partner.hasBlocked && (!partner.refuses || isKnown);
}
