import { nanoid } from "nanoid";
import type { VisitorId } from "../../protocol/events";
import { changesOf, type KnownState } from "./known-state";
import type { Subject } from "./state-store";

/** More than moderators take messages from between two readings of a replica. */
const mostListed = 100;
const subject: Subject = "uncounted authors";

type Taking = [author: VisitorId, id: string];

/** Tells every replica from which authors moderators took messages: such an author may be settled no longer (W-8). */
export class UncountedAuthors {
  private heard = new Set<string>();

  constructor(
    private readonly known: KnownState,
    newcomers: { doubt(visitor: VisitorId): void },
  ) {
    known.onChange(
      changesOf("uncounted", (_, text) => {
        const takings = readTakings(text);
        for (const [author, id] of takings) if (!this.heard.has(id)) newcomers.doubt(author);
        this.heard = new Set(takings.map(([, id]) => id));
      }),
    );
  }

  /** Call when the author’s messages are counted anew in the store. */
  tell(author: VisitorId): Promise<void> {
    return this.known.amend(subject, (text) => {
      const others = readTakings(text).filter(([other]) => other !== author);
      return JSON.stringify([...others, [author, nanoid(8)]].slice(-mostListed));
    });
  }
}

// Only this file writes these texts.
const readTakings = (text: string | undefined): Taking[] =>
  text === undefined ? [] : (JSON.parse(text) as Taking[]);
