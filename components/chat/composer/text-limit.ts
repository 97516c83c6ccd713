import { maxTextBytes, maxTextGraphemes } from "../../../protocol/limits";
import { countBytes, countGraphemes, hasForbiddenControls } from "../../../protocol/text";

/** A text's length, compared with the limits of C-4. */
export type Length =
  | { is: "fine" }
  | { is: "near"; left: number }
  | { is: "over"; by: number }
  | { is: "heavy" };

const warnFrom = 0.9 * maxTextGraphemes;

export function measure(text: string): Length {
  // No text has more graphemes than code units, and this runs on every key.
  if (text.length < warnFrom) return { is: "fine" };
  const count = countGraphemes(text);
  if (count > maxTextGraphemes) return { is: "over", by: count - maxTextGraphemes };
  if (countBytes(text) > maxTextBytes) return { is: "heavy" };
  return count < warnFrom ? { is: "fine" } : { is: "near", left: maxTextGraphemes - count };
}

/** Pasted control characters are invisible, and the server would refuse them. */
export const withoutControls = (text: string): string =>
  hasForbiddenControls(text)
    ? [...text].filter((character) => !hasForbiddenControls(character)).join("")
    : text;
