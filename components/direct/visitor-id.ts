import type { VisitorId } from "../../protocol/events";
import { visitorIdPattern } from "../../protocol/limits";

/** The id in a pasted text: an id itself, or the address of a conversation. */
export function visitorIn(text: string): VisitorId | undefined {
  const id = /^(?:.*\/direct\/)?([^/?#]+)(?:[?#].*)?$/.exec(text.trim())?.[1] ?? "";
  return visitorIdPattern.test(id) ? id : undefined;
}
