import type { Member } from "../../../protocol/events";
import { forgottenName } from "../../../protocol/limits";
import type { Translate } from "../../words/words";

/** A visitor who was never in a room, or was forgotten, has no name; a dash alone would look like a fault. */
export const withShownName = <Known extends Member>(member: Known, t: Translate): Known =>
  member.name === forgottenName ? { ...member, name: t("direct.nameless") } : member;
