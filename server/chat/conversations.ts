import type { ListedRoom, Partner, Room, RoomId, VisitorId } from "../../protocol/events";
import { forgottenName, visitorIdPattern } from "../../protocol/limits";
import type { Broker } from "../broker/broker";
import type { Attendance } from "../directory/attendance";
import type { ConversationIndex, Relation, Settings } from "../directory/conversation-index";
import type { Allowance } from "./allowance";
import { directRoomOf, pairOf, partnerIn } from "./direct-rooms";
import { ChatError } from "./errors";
import type { StoreSpace } from "./store-space";

export type ConversationsWorld = {
  broker: Broker;
  index: ConversationIndex;
  attendance: Attendance;
  /** Bounds the conversations that one visitor begins, on each replica. */
  openings: Allowance;
  /** Bounds how often one visitor has a whole list read. */
  readings: Allowance;
  /** What the store has room for; without it, for everything. */
  space?: StoreSpace;
};

/** One word for a visitor who blocks and for one who wants nothing new: nobody learns which it is. */
const unwanted = "This visitor does not take conversations from you.";
const ownBlock = "You have blocked this visitor.";

/** What a visitor may do about its conversations; in them everything is a room's. */
export class Conversations {
  constructor(private readonly world: ConversationsWorld) {}

  /**
   * The one room of these two, made when there is none. Throws ChatError("forbidden") when the partner has blocked the
   * visitor, or wants no new conversations and there is none yet. `permit` is asked before one is made, and refuses by what it
   * throws.
   */
  async open(
    visitor: VisitorId,
    partner: VisitorId,
    permit?: () => Promise<void>,
  ): Promise<{ room: Room; partner: Partner }> {
    checkPartner(visitor, partner);
    const { index, broker, attendance, readings } = this.world;
    readings.spend(visitor);
    const id = directRoomOf(visitor, partner);
    const [relation, [look], [isHere = false]] = await Promise.all([
      index.relation(visitor, partner),
      broker.look([id]),
      attendance.areHere([partner]),
    ]);
    if (!isWelcome(relation, look !== undefined)) throw new ChatError("forbidden", unwanted);
    const room = look === undefined ? await this.make(id, visitor, permit) : roomOf(look);
    await index.opened(visitor, partner, room.createdAt).catch((error: unknown) => {
      // Who has it in its list already may come in to tidy up, however full the store is.
      if (!relation.lists || !(error instanceof ChatError) || error.code !== "storage_full") throw error;
    });
    return { room, partner: { id: partner, name: relation.partner.name ?? forgottenName, online: isHere } };
  }

  /** Throws ChatError("forbidden") when one of the two wants no word of the other; in other rooms everybody may speak. */
  async permit(room: RoomId, visitor: VisitorId): Promise<void> {
    const partner = partnerIn(room, visitor);
    if (partner === undefined) return;
    const relation = await this.world.index.relation(visitor, partner);
    if (relation.hasBlocked) throw new ChatError("forbidden", ownBlock);
    if (!isWelcome(relation, true)) throw new ChatError("forbidden", unwanted);
  }

  /** To be called before a message is acknowledged: then a retry tells both lists what a replica that died did not. */
  async spoke(room: RoomId, at: number): Promise<void> {
    const [one, other] = pairOf(room) ?? [];
    if (one === undefined || other === undefined) return;
    await this.world.index.spoke(one, other, at);
    await this.callBoth(one, other);
  }

  /** To be called when a message was taken back: it may have been unread. */
  async tookBack(room: RoomId): Promise<void> {
    const [one, other] = pairOf(room) ?? [];
    if (one === undefined || other === undefined) return;
    await this.world.index.touch([one, other]);
    await this.callBoth(one, other);
  }

  /** Throws ChatError("room_not_found") for what is no conversation of the visitor. */
  async read(room: RoomId, visitor: VisitorId, seq: number): Promise<void> {
    const partner = partnerIn(room, visitor);
    if (partner === undefined) throw new ChatError("room_not_found");
    const { broker, index, attendance } = this.world;
    if (!(await broker.markRead(room, visitor, seq))) return;
    await index.touch([visitor]);
    await attendance.call([visitor], { about: "conversation", of: partner });
  }

  /** To be asked before the list is read. */
  async settings(visitor: VisitorId): Promise<Settings> {
    this.world.readings.spend(visitor);
    return this.world.index.settings(visitor);
  }

  async refuse(visitor: VisitorId, refuses: boolean): Promise<void> {
    await this.world.index.refuse(visitor, refuses);
  }

  /** A blocked visitor sees its partner go away, and come back when it is no longer blocked. */
  async block(visitor: VisitorId, other: VisitorId, isBlocked: boolean): Promise<void> {
    checkPartner(visitor, other);
    const { index, attendance, space } = this.world;
    if (isBlocked) space?.check("messages");
    await index.block(visitor, other, isBlocked);
    await index.touch([other]);
    await attendance.call([other], { about: "presence", of: visitor });
  }

  /** Nobody waits for it in vain: what cannot be kept now is kept the next time. */
  async named(visitor: VisitorId, name: string): Promise<void> {
    await this.world.index.named(visitor, name).catch(() => undefined);
  }

  /** The name under which a visitor comes into a conversation when it asks for none: partners know it by that one. */
  async usualName(room: RoomId, visitor: VisitorId): Promise<string | undefined> {
    if (partnerIn(room, visitor) === undefined) return undefined;
    return this.world.index.nameOf(visitor);
  }

  private async make(id: RoomId, visitor: VisitorId, permit?: () => Promise<void>): Promise<Room> {
    const { broker, openings, space } = this.world;
    openings.spend(visitor);
    space?.check("creations");
    await permit?.();
    try {
      return await broker.create({ id, title: "", kind: "direct" });
    } catch (error) {
      if (!(error instanceof ChatError) || error.code !== "room_exists") throw error;
      // The other one was quicker.
      const [look] = await broker.look([id]);
      if (look === undefined) throw new ChatError("unavailable");
      return roomOf(look);
    }
  }

  private async callBoth(one: VisitorId, other: VisitorId): Promise<void> {
    const { attendance } = this.world;
    await Promise.all([
      attendance.call([one], { about: "conversation", of: other }),
      attendance.call([other], { about: "conversation", of: one }),
    ]);
  }
}

/** Whoever has the conversation in its list has begun it, or been spoken to before it wanted no more. */
const isWelcome = ({ partner }: Relation, isThere: boolean): boolean =>
  !partner.hasBlocked && (!partner.refuses || (partner.lists && isThere));

export const roomOf = ({ memberCount: _, lastEntryAt: __, lastMessage: ___, ...room }: ListedRoom): Room =>
  room;

function checkPartner(visitor: VisitorId, partner: VisitorId): void {
  if (!visitorIdPattern.test(partner)) throw new ChatError("bad_request", "This is no visitor's id.");
  if (partner === visitor) throw new ChatError("bad_request", "This is you.");
}
