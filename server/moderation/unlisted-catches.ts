import type { UnlistedCount, VisitorId } from "../../protocol/events";
import type { Clock } from "../lib/clock";
import { changesOf, type KnownState } from "./known-state";
import type { Subject } from "./state-store";

/** Enough that the authors whose messages are still in a feed are among them. */
const mostAuthors = 500;
/** A count that nothing was added to for so long begins anew, and is told no more. */
const toldMs = 86_400_000;

const authorsSubject: Subject = "caught authors";
const countSubject: Subject = "unlisted catches";

/** Messages that the guard withheld and that no report tells of: reports of visitors took its place, or had it. */
export class UnlistedCatches {
  private authors: readonly VisitorId[] = [];
  private counted: UnlistedCount | undefined;

  constructor(
    private readonly known: KnownState,
    private readonly clock: Clock,
  ) {
    known.onChange(
      changesOf("caught", (_, text) => {
        this.authors = readAuthors(text);
      }),
    );
    known.onChange(
      changesOf("unlisted", (_, text) => {
        this.counted = readCount(text);
      }),
    );
  }

  has(author: VisitorId): boolean {
    return this.authors.includes(author);
  }

  /** How many there were lately, and when the last one was; undefined when there was none. */
  get lately(): UnlistedCount | undefined {
    const { counted } = this;
    return counted && this.clock.now() - counted.at < toldMs ? counted : undefined;
  }

  /**
   * `count`: how many of them were open. Call before their reports are taken away: otherwise the authors could tell that
   * something of theirs was withheld.
   */
  async add(authors: readonly VisitorId[], count: number, at: number): Promise<void> {
    if (authors.some((author) => !this.has(author)))
      await this.known.amend(authorsSubject, (text) =>
        JSON.stringify([...new Set([...readAuthors(text), ...authors])].slice(-mostAuthors)),
      );
    if (count > 0)
      await this.known.amend(countSubject, (text) => {
        const earlier = readCount(text);
        const counted = earlier !== undefined && at - earlier.at < toldMs ? earlier.count : 0;
        return JSON.stringify({ count: counted + count, at });
      });
  }
}

// Only this file writes these texts.
const readAuthors = (text: string | undefined): VisitorId[] =>
  text === undefined ? [] : (JSON.parse(text) as VisitorId[]);
const readCount = (text: string | undefined): UnlistedCount | undefined =>
  text === undefined ? undefined : (JSON.parse(text) as UnlistedCount);
