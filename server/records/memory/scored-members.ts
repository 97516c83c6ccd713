import type { Scored, ScoreRange } from "../records";

/** Removed members stand at the front until so many, or as many as there are others, can be cut off at once. */
const mostRemoved = 1_000;

/**
 * The members of a list and their scores. From the first question for an order on they are kept in the order of the scores;
 * equal ones stand in the order of their members, as in Redis. A change or the start of a reading then takes as many
 * comparisons as the length has binary digits; the first question, and one after `clear`, sorts them all.
 */
export class ScoredMembers extends Map<string, number> {
  private ordered: string[] | undefined;
  /** The place of the lowest member. */
  private first = 0;

  override set(member: string, score: number): this {
    const known = this.get(member);
    if (known === score) return this;
    if (known !== undefined) this.takeOut(member, known);
    this.ordered?.splice(this.placeOf(this.ordered, member, score), 0, member);
    return super.set(member, score);
  }

  override delete(member: string): boolean {
    const known = this.get(member);
    if (known === undefined) return false;
    this.takeOut(member, known);
    return super.delete(member);
  }

  override clear(): void {
    this.ordered = undefined;
    this.first = 0;
    super.clear();
  }

  /** Undefined without members. */
  get highest(): number | undefined {
    return this.size === 0 ? undefined : this.scoreOf(this.inOrder().at(-1) as string);
  }

  within({ order, above, upTo, most = this.size }: ScoreRange): Scored[] {
    const ordered = this.inOrder();
    const start = above === undefined ? this.first : this.firstAbove(ordered, above);
    const end = upTo === undefined ? ordered.length : this.firstAbove(ordered, upTo);
    const found =
      order === "lowest"
        ? ordered.slice(start, Math.min(end, start + most))
        : ordered.slice(Math.max(start, end - most), end).reverse();
    return found.map((member) => [member, this.scoreOf(member)]);
  }

  /** The members with lower scores, the lowest first. */
  below(score: number): string[] {
    const ordered = this.inOrder();
    return ordered.slice(
      this.first,
      this.firstWhere(ordered, (_, other) => other >= score),
    );
  }

  private inOrder(): string[] {
    this.ordered ??= [...this]
      .sort(([one, score], [other, otherScore]) => score - otherScore || (one < other ? -1 : 1))
      .map(([member]) => member);
    return this.ordered;
  }

  private takeOut(member: string, score: number): void {
    const { ordered } = this;
    if (ordered === undefined) return;
    const place = this.placeOf(ordered, member, score);
    if (place > this.first) {
      ordered.splice(place, 1);
      return;
    }
    // The oldest of many go one by one: no others are moved for each of them.
    this.first += 1;
    if (this.first < mostRemoved && this.first < ordered.length / 2) return;
    ordered.splice(0, this.first);
    this.first = 0;
  }

  private scoreOf(member: string): number {
    return this.get(member) ?? Number.NaN;
  }

  private firstAbove(ordered: readonly string[], score: number): number {
    return this.firstWhere(ordered, (_, other) => other > score);
  }

  private placeOf(ordered: readonly string[], member: string, score: number): number {
    return this.firstWhere(ordered, (other, its) => its > score || (its === score && other >= member));
  }

  /** The place of the first member with a property that all later ones have, too; the length if none has it. */
  private firstWhere(ordered: readonly string[], has: (member: string, score: number) => boolean): number {
    let [low, high] = [this.first, ordered.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const member = ordered[middle] as string;
      if (has(member, this.scoreOf(member))) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
