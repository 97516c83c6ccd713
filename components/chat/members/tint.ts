import type { VisitorId } from "../../../protocol/events";

const tints = 16;

/** A visitor's quiet colour, the same for everybody; the classes are in styles/chat/members/member-name.css. */
export function tintOf(id: VisitorId): string {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return `tint-${hash % tints}`;
}
