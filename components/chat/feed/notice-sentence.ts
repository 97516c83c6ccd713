import type { VisitorId, VisitsEntry } from "../../../protocol/events";
import { forgottenName } from "../../../protocol/limits";
import type { WordKey } from "../../words/words";
import type { Notice } from "../state/lines";

/** The sentence for a notice: the visitor's own are in the second person. */
export function sentenceOf(notice: Exclude<Notice, VisitsEntry>, self: VisitorId | undefined): WordKey {
  if (notice.by.id === self) return `notice.own.${notice.kind}`;
  // Of a forgotten visitor neither the old name nor the new one is known.
  return notice.kind === "rename" && notice.was === forgottenName
    ? "notice.renamed"
    : `notice.${notice.kind}`;
}
