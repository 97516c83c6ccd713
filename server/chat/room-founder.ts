import type { Room, RoomId, VisitorId } from "../../protocol/events";
import type { Broker, NewRoom } from "../broker/broker";
import type { Directory } from "../directory/directory";
import type { Network } from "../lib/network";
import { ChatError } from "./errors";
import type { NetworkBudget } from "./network-budget";
import type { RoomPlaces } from "./room-places";
import type { RoomTitles } from "./room-titles";

type World = {
  broker: Broker;
  directory: Directory;
  /** The room of each post that there is, with its title. */
  posts: ReadonlyMap<RoomId, string>;
  places: RoomPlaces;
  /** Without it, rooms may share a title. */
  titles?: RoomTitles;
  networks: NetworkBudget;
};

/** Makes public rooms so that none of them is missing from the list. */
export class RoomFounder {
  constructor(private readonly world: World) {}

  /**
   * Makes a visitor's room, which is listed on every replica when this returns. Throws ChatError("rate_limited") when its
   * owner has no place for it or its network has made too many, ChatError("room_exists"), ChatError("name_taken") when its
   * title is another's, and ChatError("unavailable") when it is not known whether there
   * is a room now.
   */
  async make(room: NewRoom & { owner: VisitorId }, network: Network): Promise<Room> {
    const { places, networks } = this.world;
    await places.take(room.owner, room.id);
    try {
      await networks.take(network, "rooms");
      return await this.makeTitled(room);
    } catch (error) {
      // Where the outcome is unknown the place stays taken, until it stands in the way and can be asked after.
      if (isKnown(error)) await places.review(room.owner, [room.id]).catch(() => undefined);
      throw error;
    }
  }

  /** A claim on the title is kept and given back as a place is. */
  private async makeTitled(room: NewRoom): Promise<Room> {
    const { titles } = this.world;
    const claim = await titles?.take(room.title, room.id);
    try {
      const made = await this.makeListed(room);
      titles?.tidy().catch(() => undefined);
      return made;
    } catch (error) {
      if (claim !== undefined && isKnown(error)) await titles?.review(claim).catch(() => undefined);
      throw error;
    }
  }

  /** Makes the room of a post, unless another has just done so. Returns false when the id is no post's. */
  async makeForPost(room: RoomId): Promise<boolean> {
    const title = this.world.posts.get(room);
    if (title === undefined) return false;
    await this.makeListed({ id: room, title, kind: "public" }).catch((error: unknown) => {
      if (!(error instanceof ChatError) || error.code !== "room_exists") throw error;
    });
    return true;
  }

  /** To be called when an owner has closed its room. What this cannot tell the directory, it finds out by itself. */
  async closed(room: { id: RoomId; owner: VisitorId }): Promise<void> {
    const { directory, titles } = this.world;
    await directory.closed(room).catch(() => undefined);
    await titles?.closed(room.id).catch(() => undefined);
  }

  private async makeListed(room: NewRoom): Promise<Room> {
    const { broker, directory } = this.world;
    // In the index first: what is there without a room is never shown and leaves it by itself; a room without a place
    // there would be missing until somebody speaks in it.
    await directory.enlist(room.id);
    const made = await broker.create(room);
    // The room is made, whatever becomes of this: lists that were just read show it a second later.
    await directory.announce().catch(() => undefined);
    return made;
  }
}

const isKnown = (error: unknown): boolean => !(error instanceof ChatError) || error.code !== "unavailable";
