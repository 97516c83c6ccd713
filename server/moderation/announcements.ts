import { nanoid } from "nanoid";
import type { VisitorId } from "../../protocol/events";
import { changesOf, type KnownState } from "./known-state";

/** More than moderators act on between two readings of a replica. */
const mostListed = 100;

const subjects = { uncounted: "uncounted authors", expelled: "expelled visitors" } as const;

type Announced = [visitor: VisitorId, id: string];

/** Tells every replica, once each, of visitors to whom something was done in the store that leaves no state behind. */
export class Announcements {
  private heard = new Set<string>();

  /** `listener` is also called on the replica that tells. */
  constructor(
    private readonly known: KnownState,
    private readonly kind: keyof typeof subjects,
    listener: (visitor: VisitorId) => void,
  ) {
    known.onChange(
      changesOf(kind, (_, text) => {
        const announced = readAnnounced(text);
        const before = this.heard;
        this.heard = new Set(announced.map(([, id]) => id));
        for (const [visitor, id] of announced) if (!before.has(id)) listener(visitor);
      }),
    );
  }

  /** Call when it is done in the store. */
  tell(visitor: VisitorId): Promise<void> {
    return this.known.amend(subjects[this.kind], (text) => {
      const others = readAnnounced(text).filter(([other]) => other !== visitor);
      return JSON.stringify([...others, [visitor, nanoid(8)]].slice(-mostListed));
    });
  }
}

// Only this file writes these texts.
const readAnnounced = (text: string | undefined): Announced[] =>
  text === undefined ? [] : (JSON.parse(text) as Announced[]);
