import type { Entry, Receipt, RemovalEntry, VisitorId } from "../../../protocol/events";
import { forgottenName } from "../../../protocol/limits";
import { authorOf, type Mark, publishedOf, type StoredEntry, withheldOf } from "../entry-json";
import { originalIn, publishedId } from "../receipts";
import { forgottenAtOnce } from "../rooms";
import type { KeptEntries, Unnumbered } from "./kept-entries";

type EntryRemovalsOptions = {
  kept: KeptEntries;
  append(removal: Unnumbered<RemovalEntry> & Mark): Receipt;
  /** Puts a changed entry in the place of the one with that number. */
  replace(seq: number, change: (entry: Entry) => Entry): void;
};

/** Takes texts and names out of the kept entries of one room; `removal` entries tell of it. */
export class EntryRemovals {
  constructor(private readonly options: EntryRemovalsOptions) {}

  /**
   * Deletes a message's text and appends a `removal`, unless it was removed before. A withheld message and its `published`
   * entry go together, by the number of either.
   */
  remove(seq: number): void {
    const { kept } = this.options;
    const source = kept.sourceOf(seq);
    const original = originalIn(source?.receipt ?? "") ?? seq;
    const author = source?.author ?? "";
    const published = kept.receiptOf(author, publishedId(original));
    const targets = this.empty([original, ...(published ? [published.seq] : [])]);
    if (targets.length > 0) this.tell(author, targets);
  }

  /** Deletes the texts of a visitor's messages; one `removal` per page tells it. Returns their numbers. */
  removeAllOf(visitor: VisitorId): number[] {
    const { kept } = this.options;
    const own = kept.all.filter((entry) => authorOf(entry) === visitor);
    for (const page of pagesOf(own)) this.tell(visitor, this.empty(seqsOf(page)));
    return seqsOf(own);
  }

  /** Removes the visitor's messages and replaces its names with `forgottenName`; one `removal` per page tells it. */
  forget(visitor: VisitorId): void {
    const { kept, replace } = this.options;
    const own = kept.all.filter(
      (entry) =>
        authorOf(entry) === visitor ||
        ("by" in entry && entry.by.id === visitor && entry.by.name !== forgottenName),
    );
    for (const page of pagesOf(own)) {
      for (const entry of page) if (authorOf(entry) === undefined) replace(entry.seq, withoutName);
      this.tell(visitor, this.empty(seqsOf(page)), { forgotten: visitor });
    }
  }

  /**
   * Tells of the removed messages of one author. Where some of them were withheld it appends two entries: each reader is given
   * one of them, with the messages that it has, as if nothing had been withheld.
   */
  private tell(author: VisitorId, targets: number[], more: Pick<RemovalEntry, "forgotten"> = {}): void {
    const { kept, append } = this.options;
    const tellOne = (to: number[], mark: Mark) => {
      if (to.length > 0 || more.forgotten !== undefined)
        append({ kind: "removal", targets: to, ...more, ...mark });
    };
    const marks = new Map(targets.map((seq) => [seq, markOf(kept.at(seq))]));
    const own = targets.filter((seq) => marks.get(seq)?.publishedOf === undefined);
    const others = targets.filter((seq) => marks.get(seq)?.withheldOf === undefined);
    if (own.length === targets.length && others.length === targets.length) tellOne(targets, {});
    else {
      tellOne(others, { publishedOf: author });
      tellOne(own, { withheldOf: author });
    }
  }

  /** Returns the numbers of those that had a text. */
  private empty(seqs: number[]): number[] {
    const { kept, replace } = this.options;
    const hasText = (entry: Entry | undefined) => entry !== undefined && authorOf(entry) !== undefined;
    const targets = seqs.filter((seq) => hasText(kept.at(seq)));
    for (const seq of targets)
      replace(seq, (entry) => ({ seq, at: entry.at, kind: "removed", ...markOf(entry) }));
    return targets;
  }
}

const seqsOf = (entries: readonly Entry[]): number[] => entries.map(({ seq }) => seq);

function pagesOf(entries: readonly Entry[]): Entry[][] {
  const pages: Entry[][] = [];
  for (let start = 0; start < entries.length; start += forgottenAtOnce)
    pages.push(entries.slice(start, start + forgottenAtOnce));
  return pages;
}

function markOf(entry: StoredEntry | undefined): Mark {
  const [withheld, published] = entry ? [withheldOf(entry), publishedOf(entry)] : [];
  return {
    ...(withheld !== undefined && { withheldOf: withheld }),
    ...(published !== undefined && { publishedOf: published }),
  };
}

function withoutName(entry: Entry): Entry {
  if (!("by" in entry)) return entry;
  const nameless = { ...entry, by: { ...entry.by, name: forgottenName } };
  return nameless.kind === "rename" ? { ...nameless, was: forgottenName } : nameless;
}
