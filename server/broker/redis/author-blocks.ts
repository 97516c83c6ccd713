import type { Entry, VisitorId } from "../../../protocol/events";
import type { Source } from "../receipts";

/** Repeated in lua/authors.lua. */
const blockOf = 200;

/** The visitor who wrote an entry, or is named in it. */
export const authorIn = (entry: Entry, source: Source | undefined): VisitorId | undefined =>
  source?.author ?? ("by" in entry ? entry.by.id : undefined);

/** The fields of a room's index of authors (lua/authors.lua), for entries in the order of their numbers. */
export class AuthorBlocks {
  private block = 0;
  private offsets = new Map<VisitorId, string>();

  constructor(private readonly put: (field: string, offsets: string) => void) {}

  add(author: VisitorId, seq: number): void {
    if (Math.floor(seq / blockOf) !== this.block) this.finish();
    this.block = Math.floor(seq / blockOf);
    const offset = String(seq % blockOf).padStart(3, "0");
    this.offsets.set(author, (this.offsets.get(author) ?? "") + offset);
  }

  /** Call after the last entry. */
  finish(): void {
    for (const [author, offsets] of this.offsets) this.put(`${author}:${this.block}`, offsets);
    this.offsets.clear();
  }
}
