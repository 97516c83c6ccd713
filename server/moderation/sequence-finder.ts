/**
 * Finds any of many sequences in a text, reading each symbol once: the automaton of Aho and Corasick
 * (https://doi.org/10.1145/360825.360855). Building it takes time with the number of all symbols, and with nothing else.
 */
export class SequenceFinder<Found> {
  private readonly ids = new Map<string, number>();
  /** From a node and a symbol to a node: the number of the node times that of all symbols, and that of the symbol. */
  private readonly edges = new Map<number, number>();
  /** For each node: the node of the longest other sequence with which its own ends, and the find there. */
  private readonly shorter = [0];
  private readonly found: (Found | undefined)[] = [undefined];
  private readonly symbols: number;

  constructor(sequences: readonly { symbols: readonly string[]; found: Found }[]) {
    for (const { symbols } of sequences)
      for (const symbol of symbols) if (!this.ids.has(symbol)) this.ids.set(symbol, this.ids.size);
    this.symbols = this.ids.size;
    // Symbol by symbol over all of them, so that each shorter node is there before a longer one needs it.
    let open = sequences.filter(({ symbols }) => symbols.length > 0).map((each) => ({ ...each, node: 0 }));
    for (let depth = 0; open.length > 0; depth += 1) {
      for (const each of open) {
        each.node = this.add(each.node, this.ids.get(each.symbols[depth] ?? "") ?? 0);
        if (each.symbols.length === depth + 1) this.found[each.node] ??= each.found;
      }
      open = open.filter(({ symbols }) => symbols.length > depth + 1);
    }
  }

  /** The sequence that ends first in the text. */
  in(text: Iterable<string>): Found | undefined {
    let node = 0;
    for (const symbol of text) {
      const id = this.ids.get(symbol);
      node = id === undefined ? 0 : this.next(node, id);
      const found = this.found[node];
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private add(from: number, id: number): number {
    const edge = from * this.symbols + id;
    const known = this.edges.get(edge);
    if (known !== undefined) return known;
    const shorter = from === 0 ? 0 : this.next(this.shorter[from] ?? 0, id);
    const node = this.shorter.push(shorter) - 1;
    this.found.push(this.found[shorter]);
    this.edges.set(edge, node);
    return node;
  }

  private next(from: number, id: number): number {
    for (let node = from; ; node = this.shorter[node] ?? 0) {
      const to = this.edges.get(node * this.symbols + id);
      if (to !== undefined) return to;
      if (node === 0) return 0;
    }
  }
}
