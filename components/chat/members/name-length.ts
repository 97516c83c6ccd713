import { maxNameGraphemes, minNameGraphemes } from "../../../protocol/limits";
import { countGraphemes } from "../../../protocol/text";

export const nameLength = { min: minNameGraphemes, max: maxNameGraphemes };

/**
 * How many characters too few (below 0) or too many (above 0) a name has, without the spaces that the server drops
 * (ID-3a).
 */
export function excessOf(name: string): number {
  const count = countGraphemes(name.trim().replace(/\s+/gu, " "));
  return Math.max(0, count - nameLength.max) + Math.min(0, count - nameLength.min);
}
