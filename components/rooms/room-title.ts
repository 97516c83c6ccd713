import { maxTitleGraphemes } from "../../protocol/limits";
import { countGraphemes, hasForbiddenControls, isBlank } from "../../protocol/text";

export type TitleLength = { is: "blank" } | { is: "fine" } | { is: "over"; by: number };

/** Measures a typed title by the server's rules. */
export function measureTitle(title: string): TitleLength {
  if (isBlank(title) || hasForbiddenControls(title)) return { is: "blank" };
  const by = countGraphemes(title) - maxTitleGraphemes;
  return by > 0 ? { is: "over", by } : { is: "fine" };
}
