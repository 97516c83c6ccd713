import type { Room, RoomId, VisitorId } from "../../protocol/events";
import type { Broker, NewRoom } from "../broker/broker";
import type { Directory } from "../directory/directory";
import type { Network } from "../lib/network";
import { ChatError } from "./errors";
import type { NetworkBudget } from "./network-budget";
import type { RoomPlaces } from "./room-places";

type World = {
  broker: Broker;
  directory: Directory;
  /** The room of each post that there is, with its title. */
  posts: ReadonlyMap<RoomId, string>;
  places: RoomPlaces;
  networks: NetworkBudget;
};

/** Makes public rooms so that none of them is missing from the list. */
export class RoomFounder {
  constructor(private readonly world: World) {}

  /**
   * Makes a visitor's room, which is listed on every replica when this returns. Throws ChatError("rate_limited") when its
   * owner has no place for it or its network has made too many, ChatError("room_exists"), and ChatError("unavailable") when it is not known whether there
   * is a room now.
   */
  async make(room: NewRoom & { owner: VisitorId }, network: Network): Promise<Room> {
    const { places, networks } = this.world;
    await places.take(room.owner, room.id);
    try {
      await networks.take(network, "rooms");
      return await this.makeListed(room);
    } catch (error) {
      // Where the outcome is unknown the place stays taken, until it stands in the way and can be asked after.
      const isKnown = !(error instanceof ChatError) || error.code !== "unavailable";
      if (isKnown) await places.review(room.owner, [room.id]).catch(() => undefined);
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
    await this.world.directory.closed(room).catch(() => undefined);
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
