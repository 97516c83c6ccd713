import type { Locale, RoomRules } from "../../../protocol/events";
import type { Translate } from "../../words/words";
import { durationOf } from "./duration";

/** What the rules of a room ask of its visitors (O-5), a sentence for each. */
export function ruleSentences({ slowMs, writers, links }: RoomRules, t: Translate, locale: Locale): string[] {
  if (writers === "moderators") return [t("rules.writers.moderators")];
  return [
    slowMs !== undefined && t("rules.slow", { time: durationOf(slowMs, locale) }),
    writers && t(`rules.writers.${writers}`),
    links && t(`rules.links.${links}`),
  ].filter((sentence) => sentence !== false && sentence !== undefined);
}
