/** Makes the text of others safe for a terminal: the terminal then only draws letters. */

/** Escape sequences begin with a control character; the others reverse the reading order, or begin a new row. */
const acting = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** Replaces a control character by its picture in Unicode, if it has one, so that the reader sees the attempt. */
function picture(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? "␡" : "�";
}

/** Makes one row of any text. */
export const harmless = (text: string): string => text.replace(acting, picture);

/** As `harmless`, in angle brackets, which no name can contain: a name cannot fake its own end. */
export const bracketed = (name: string): string =>
  `<${harmless(name).replaceAll("<", "‹").replaceAll(">", "›")}>`;

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** At least the columns that a terminal uses: too high a number only breaks a row early, too low a one lets it wrap. */
const columnsOf = (grapheme: string): number =>
  [...grapheme].reduce((columns, character) => columns + (character < "\u1100" ? 1 : 2), 0);

/**
 * Breaks a row before the terminal does: a text padded with spaces could otherwise place anything at the left margin,
 * and look like another visitor's line.
 */
export function wrap(row: string, columns: number): string[] {
  const rows: string[] = [];
  let taken = "";
  let width = 0;
  for (const { segment } of segmenter.segment(row)) {
    const wanted = columnsOf(segment);
    if (width + wanted > columns && taken !== "") {
      const breakAt = segment === " " ? taken.length : taken.lastIndexOf(" ") + 1 || taken.length;
      rows.push(taken.slice(0, breakAt));
      taken = taken.slice(breakAt);
      width = columnsOf(taken);
    }
    taken += segment;
    width += wanted;
  }
  return [...rows, taken];
}
