import type { Scored, ScoreRange } from "../records";

/**
 * The members of a list and their scores, kept in the order of the scores; equal ones stand in the order of their members,
 * as in Redis. A change or the start of a reading takes as many comparisons as the length has binary digits.
 */
export class ScoredMembers extends Map<string, number> {
  private readonly ordered: string[] = [];

  override set(member: string, score: number): this {
    const known = this.get(member);
    if (known === score) return this;
    if (known !== undefined) this.ordered.splice(this.placeOf(member, known), 1);
    this.ordered.splice(this.placeOf(member, score), 0, member);
    return super.set(member, score);
  }

  override delete(member: string): boolean {
    const known = this.get(member);
    if (known === undefined) return false;
    this.ordered.splice(this.placeOf(member, known), 1);
    return super.delete(member);
  }

  override clear(): void {
    this.ordered.length = 0;
    super.clear();
  }

  /** Undefined without members. */
  get highest(): number | undefined {
    const last = this.ordered.at(-1);
    return last === undefined ? undefined : this.get(last);
  }

  within({ order, above, upTo, most = this.size }: ScoreRange): Scored[] {
    const start = above === undefined ? 0 : this.firstAbove(above);
    const end = upTo === undefined ? this.size : this.firstAbove(upTo);
    const found =
      order === "lowest"
        ? this.ordered.slice(start, Math.min(end, start + most))
        : this.ordered.slice(Math.max(start, end - most), end).reverse();
    return found.map((member) => [member, this.scoreOf(member)]);
  }

  /** Those whose scores are lower. */
  below(score: number): string[] {
    return this.ordered.slice(
      0,
      this.firstWhere((_, other) => other >= score),
    );
  }

  private scoreOf(member: string): number {
    return this.get(member) ?? Number.NaN;
  }

  private firstAbove(score: number): number {
    return this.firstWhere((_, other) => other > score);
  }

  private placeOf(member: string, score: number): number {
    return this.firstWhere((other, its) => its > score || (its === score && other >= member));
  }

  /** The place of the first member with a property that all after it have too; the length when none has it. */
  private firstWhere(has: (member: string, score: number) => boolean): number {
    let [low, high] = [0, this.ordered.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const member = this.ordered[middle] as string;
      if (has(member, this.scoreOf(member))) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
