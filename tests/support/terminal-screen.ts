/** Wide letters, such as Korean and Japanese. Every other character in the tests is narrow. */
const isWide = (character: string): boolean => character >= "\u1100";

/**
 * The screen of a terminal with this many columns after a program has written `output`. It knows the few sequences that
 * readline and our program use; any other one throws, because it has escaped our filter.
 */
export function screenOf(output: string, columns: number): string[] {
  const rows: string[][] = [];
  let row = 0;
  let column = 0;
  const at = (index: number): string[] => {
    while (rows.length <= index) rows.push([]);
    return rows[index] ?? [];
  };

  function put(character: string): void {
    const width = isWide(character) ? 2 : 1;
    if (column + width > columns) {
      row += 1;
      column = 0;
    }
    const cells = at(row);
    while (cells.length < column) cells.push(" ");
    cells.splice(column, width, character, ...(width === 2 ? [""] : []));
    column += width;
  }

  function move(sequence: string, count: number): void {
    const final = sequence.at(-1);
    if (final === "m") return;
    column = Math.min(column, columns - 1);
    if (final === "A") row = Math.max(0, row - count);
    else if (final === "B") row += count;
    else if (final === "C") column = Math.min(columns - 1, column + count);
    else if (final === "D") column = Math.max(0, column - count);
    else if (final === "G") column = count - 1;
    else if (final === "J") {
      rows.length = Math.min(rows.length, row + 1);
      at(row).length = Math.min(at(row).length, column);
    } else throw new Error(`the terminal was told ${JSON.stringify(sequence)}`);
  }

  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  for (const [part, digits] of output.matchAll(/\u001b\[(\d*)[A-Za-z]|[\s\S]/gu)) {
    if (part.length > 1 && part.startsWith("\u001b")) move(part, Number(digits || 1));
    else if (part === "\r") column = 0;
    else if (part === "\n") row += 1;
    else if (/\p{Cc}|\p{Bidi_Control}|\p{Zl}|\p{Zp}/u.test(part))
      throw new Error(`the terminal was given ${JSON.stringify(part)}`);
    else put(part);
  }
  at(row);
  return rows.map((cells) => cells.join("").trimEnd());
}
