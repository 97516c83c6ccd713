/** What others wrote, made safe for a terminal: it draws letters and does nothing else. */

/** Escape sequences begin with a control character; the others turn the reading order round, or begin a new row. */
const acting = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** Where Unicode has a picture of the control character it stands for it, so that the reader sees what was tried. */
function picture(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? "␡" : "�";
}

/** One row of text, whatever was in it. */
export const harmless = (text: string): string => text.replace(acting, picture);

/** As `harmless`, in angle brackets that no name can hold: where a name begins and ends is not the name's to say. */
export const bracketed = (name: string): string =>
  `<${harmless(name).replaceAll("<", "‹").replaceAll(">", "›")}>`;

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** At least what a terminal takes for it: a row that is too short costs nothing, one too long goes on at the margin. */
const columnsOf = (grapheme: string): number =>
  [...grapheme].reduce((columns, character) => columns + (character < "\u1100" ? 1 : 2), 0);

/**
 * Breaks a row as a terminal would, but by ourselves: a text padded with spaces could otherwise put whatever it likes
 * at the left margin, and look like somebody else's line.
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
