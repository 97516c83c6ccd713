import type { VisitorId } from "../../protocol/events";
import { maxListedRequests } from "../../protocol/limits";
import { recordKeys } from "../records/keys";
import { counterAt, listAt, logAt } from "../records/kinds";
import type { Records, Step, Write, WriteOptions } from "../records/records";

/** Bounds what one visitor takes up; the longest silent conversations give way. */
export const maxListedPartners = 1_000;
/** How many newly listed visitors are kept, and for how long. */
const newlyListedKept = { most: 10_000, ms: 3_600_000 };

export const conversationsOf = (visitor: VisitorId) => listAt(recordKeys.conversations(visitor));
export const requestsOf = (visitor: VisitorId) => listAt(recordKeys.requests(visitor));
export const versionOf = (visitor: VisitorId) => counterAt(recordKeys.conversationsVersion(visitor));
/** Visitors whose lists have a new conversation. */
export const newlyListed = logAt(recordKeys.newlyListed);

/**
 * A conversation to raise to a time, in that visitor's list or among its requests. `isAcceptance`: it is no request any
 * more.
 */
export type Raise = {
  visitor: VisitorId;
  partner: VisitorId;
  at: number;
  isRequest?: boolean;
  isAcceptance?: boolean;
};

/** The versions that visitors' lists have with a change; a visitor whose lists did not change has none. */
export type ListVersions = ReadonlyMap<VisitorId, number>;

/** Writes the lists of conversations and of requests. */
export class ConversationListWriter {
  /** `keptMs`: how long a list lives that is neither read nor written. */
  constructor(
    private readonly records: Records,
    readonly keptMs: number,
  ) {}

  /** Carries out the writes as one change of the visitor's lists, by a step or plainly. Returns their version with it. */
  async change(
    visitor: VisitorId,
    writes: readonly Write[],
    { by = this.records, ...options }: WriteOptions & { by?: Pick<Step, "write"> } = {},
  ): Promise<number> {
    const version = versionOf(visitor);
    const [changed] = await by.write([version.increment(), version.keep(this.keptMs), ...writes], options);
    return changed;
  }

  /**
   * Raises conversations; a dropped one stays dropped until a newer message. Each direct message waits for this, so it
   * is no step but plain writes: in any order they give the same result.
   */
  async raise(raises: readonly Raise[]): Promise<ListVersions> {
    const before = await this.records.read(
      ...raises.map(({ visitor, partner }) => conversationsOf(visitor).scores(partner)),
      ...raises.flatMap(({ visitor, partner, isRequest }) =>
        isRequest ? [requestsOf(visitor).scores(partner)] : [],
      ),
    );
    const writes = new Map<VisitorId, Write[]>(raises.map(({ visitor }) => [visitor, []]));
    const changed = new Set<VisitorId>();
    const newVisitors: VisitorId[] = [];
    for (const [index, { visitor, partner, at, isRequest, isAcceptance }] of raises.entries()) {
      const [listed] = before[index] ?? [];
      // At most one of the raises is a request: the score of its list was asked last.
      const [known] = isRequest ? (before[raises.length] ?? []) : [listed];
      const own = writes.get(visitor);
      if (isAcceptance) own?.push(requestsOf(visitor).unlist(partner));
      if (isDropped(listed, at)) continue;
      const list = isRequest ? requestsOf(visitor) : conversationsOf(visitor);
      // Always with its lifetime: `forget` may have removed the list since it was read.
      own?.push(list.raise([partner, at]), list.keep(this.keptMs));
      if (known === undefined) own?.push(list.keepHighest(isRequest ? maxListedRequests : maxListedPartners));
      if (!isListed(at)) continue;
      changed.add(visitor);
      if (!isListed(known) && !isListed(listed)) newVisitors.push(visitor);
    }
    const versions = new Map<VisitorId, number>();
    await Promise.all([
      ...[...writes].map(async ([visitor, own]) => {
        if (changed.has(visitor)) versions.set(visitor, await this.change(visitor, own));
        else await this.records.write(own);
      }),
      ...newVisitors.map((visitor) => this.records.write([newlyListed.append(visitor, newlyListedKept)])),
    ]);
    return versions;
  }
}

export const isListed = (at: number | undefined): boolean => at !== undefined && at > 0;

/** Whether the conversation was dropped with a last message of that time, or a newer one. */
const isDropped = (listed: number | undefined, at: number): boolean =>
  listed !== undefined && listed < 0 && at <= -listed;
