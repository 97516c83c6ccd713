import type { Room, RoomId, VisitorId } from "../../protocol/events";
import type { Broker } from "../broker/broker";
import type { NewRoom } from "../broker/rooms";
import { ChatError } from "../errors";
import type { Network } from "../lib/network";
import type { NetworkBudget } from "../limits/network-budget";
import type { RoomQuota } from "./quota";
import type { RoomIndex } from "./room-index";
import type { RoomTitles } from "./titles";

type RoomCreationOptions = {
  broker: Broker;
  roomIndex: RoomIndex;
  /** The room of each post, with its title. */
  posts: ReadonlyMap<RoomId, string>;
  quota: RoomQuota;
  /** Without it, rooms may share a title. */
  titles?: RoomTitles;
  networks: NetworkBudget;
};

/** Makes public rooms. A visitor's room is listed once a second visitor has spoken in it. */
export class RoomCreation {
  constructor(private readonly options: RoomCreationOptions) {}

  /**
   * Makes a visitor's room. Throws ChatError("rate_limited") when its owner has no slot for it or its network has made
   * too many, ChatError("room_exists"), ChatError("name_taken") when another room has its title, and
   * ChatError("unavailable") when it is unknown whether the room was made.
   */
  async make(room: NewRoom & { owner: VisitorId }, network: Network): Promise<Room> {
    const { quota, networks } = this.options;
    await quota.take(room.owner, room.id);
    try {
      await networks.take(network, "rooms");
      return await this.makeTitled(room);
    } catch (error) {
      // If the outcome is unknown the slot stays taken; a later creation that needs it checks the room.
      if (isKnown(error)) await quota.review(room.owner, [room.id]).catch(() => undefined);
      throw error;
    }
  }

  /** Claims the title first, and keeps or frees the claim as `make` does with the slot. */
  private async makeTitled(room: NewRoom): Promise<Room> {
    const { titles } = this.options;
    const claim = await titles?.take(room.title, room.id);
    try {
      const made = await this.options.broker.rooms.create(room);
      titles?.tidy().catch(() => undefined);
      return made;
    } catch (error) {
      if (claim !== undefined && isKnown(error)) await titles?.review(claim).catch(() => undefined);
      throw error;
    }
  }

  /** Makes the room of a post, unless another request has just made it. Returns false when the id is no post's. */
  async makeForPost(room: RoomId): Promise<boolean> {
    const title = this.options.posts.get(room);
    if (title === undefined) return false;
    await this.options.broker.rooms.create({ id: room, title, kind: "public" }).catch((error: unknown) => {
      if (!(error instanceof ChatError) || error.code !== "room_exists") throw error;
    });
    // The room exists even if this fails: lists that were just read show it a second later.
    await this.options.roomIndex.announce().catch(() => undefined);
    return true;
  }

  /** Gives a room another title, and frees its old one. Throws as `make` does for its title. */
  async retitle({ id, was, title }: { id: RoomId; was: string; title: string }): Promise<void> {
    const { broker, titles } = this.options;
    const claim = await titles?.takeForMade(title, id);
    try {
      await broker.rooms.retitle(id, title);
    } catch (error) {
      if (claim !== undefined && isKnown(error)) await titles?.review(claim).catch(() => undefined);
      throw error;
    }
    await titles?.leave(was, id).catch(() => undefined);
  }

  /** Call when a room was closed. If that cannot be written into the index, a later reading of the list corrects it. */
  async closed(room: { id: RoomId; owner?: VisitorId }): Promise<void> {
    const { roomIndex, titles } = this.options;
    await roomIndex.closed(room).catch(() => undefined);
    await titles?.closed(room.id).catch(() => undefined);
  }
}

const isKnown = (error: unknown): boolean => !(error instanceof ChatError) || error.code !== "unavailable";
