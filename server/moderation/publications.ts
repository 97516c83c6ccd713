import type { RoomId, VisitorId } from "../../protocol/events";
import { changesOf, type KnownState } from "./known-state";

/** Far more than are answered at one time; replies to an older one are as if it were gone, to its author. */
const mostKept = 200;
const subject = "published messages";

/** A withheld message that all are shown: its author has it under `written`, all others under `published`. */
export type Publication = { author: VisitorId; written: number; published: number };
/** The publication of the message that has this number for some reader. */
export type FindPublication = (seq: number) => Publication | undefined;

type Stored = Publication & { room: RoomId };

/** O-7: under which numbers readers know messages that were withheld and then published, the last ones of all rooms. */
export class Publications {
  private ofRooms = new Map<RoomId, Map<number, Publication>>();

  constructor(private readonly known: KnownState) {
    known.onChange(
      changesOf("published", (_, text) => {
        this.ofRooms = new Map();
        for (const { room, ...publication } of readStored(text)) {
          const ofRoom = this.ofRooms.get(room) ?? new Map<number, Publication>();
          this.ofRooms.set(room, ofRoom);
          for (const seq of [publication.written, publication.published]) ofRoom.set(seq, publication);
        }
      }),
    );
  }

  /** Undefined while the room has none. */
  in(room: RoomId): FindPublication | undefined {
    const ofRoom = this.ofRooms.get(room);
    return ofRoom && ((seq) => ofRoom.get(seq));
  }

  add(room: RoomId, publication: Publication): Promise<void> {
    return this.known.amend(subject, (text) => {
      const stored = readStored(text);
      if (stored.some((each) => each.room === room && each.published === publication.published)) return text;
      return JSON.stringify([...stored, { room, ...publication }].slice(-mostKept));
    });
  }
}

// Only this file writes these texts.
const readStored = (text: string | undefined): Stored[] =>
  text === undefined ? [] : (JSON.parse(text) as Stored[]);
