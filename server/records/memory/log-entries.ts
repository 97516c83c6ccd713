/** A log's texts by their positions, which are numbers, each higher than the last. Both ends are read without the rest. */
export class LogEntries extends Map<string, string> {
  /** Removed ones stand at the front until there are as many as others: then they are cut off at once. */
  private positions: number[] = [];
  /** The place of the oldest entry's. */
  private first = 0;

  override set(position: string, text: string): this {
    if (!this.has(position)) this.positions.push(Number(position));
    return super.set(position, text);
  }

  /** Entries go from the oldest on. */
  override delete(position: string): boolean {
    if (!super.delete(position)) return false;
    while (this.first < this.positions.length && !this.has(this.nameAt(this.first))) this.first += 1;
    if (this.first >= this.positions.length / 2) {
      this.positions = this.positions.slice(this.first);
      this.first = 0;
    }
    return true;
  }

  override clear(): void {
    this.positions = [];
    this.first = 0;
    super.clear();
  }

  /** The newest position; undefined without entries. */
  get last(): string | undefined {
    return this.size === 0 ? undefined : this.nameAt(this.positions.length - 1);
  }

  /** The entries after a position, the oldest first. */
  after(position: number): [position: string, text: string][] {
    let start = this.positions.length;
    while (start > this.first && this.at(start - 1) > position) start -= 1;
    return this.positions.slice(start).map((at) => [String(at), this.get(String(at)) ?? ""]);
  }

  /** The positions before that one. */
  before(position: number): string[] {
    let end = this.first;
    while (end < this.positions.length && this.at(end) < position) end += 1;
    return this.positions.slice(this.first, end).map(String);
  }

  oldest(count: number): string[] {
    return this.positions.slice(this.first, this.first + count).map(String);
  }

  private at(place: number): number {
    return this.positions[place] ?? Number.NaN;
  }

  private nameAt(place: number): string {
    return String(this.at(place));
  }
}
