import type { RoomId, VisitorId } from "../../protocol/events";
import type { VisitedRooms } from "../accounts/visited-rooms";
import { boundedMap } from "../lib/bounded-map";

/** How many are remembered; a forgotten one is recorded again. */
const maxSpeakers = 50_000;

/** Records in which rooms a visitor has spoken, each room once: further messages cost no extra write. */
export class Speakers {
  private readonly known = boundedMap<string, true>(maxSpeakers);

  constructor(private readonly visitedRooms: Pick<VisitedRooms, "spokeIn">) {}

  async note(visitor: VisitorId, room: RoomId): Promise<void> {
    const speaker = `${visitor} ${room}`;
    if (this.known.get(speaker)) return;
    await this.visitedRooms.spokeIn(visitor, room);
    this.known.set(speaker, true);
  }
}
