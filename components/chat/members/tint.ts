import type { VisitorId } from "../../../protocol/events";

/** How many tints there are; the classes are in styles/chat/members/member-name.css. */
const tintCount = 16;
/** The distance between the tints that are tried: it reaches all sixteen, and those of similar hue last. */
const step = 7;

/**
 * Chooses a quiet colour for each visitor. A visitor keeps its tint until the page is left, so that its messages never
 * change colour. Visitors who are present at the same time have different tints, as long as there are enough.
 */
export function createTints() {
  const kept = new Map<VisitorId, number>();
  let present: ReadonlyMap<VisitorId, unknown> = new Map();

  /** The tint of its id, or the next one that no visitor present has. */
  function tintOf(id: VisitorId): number {
    let tint = kept.get(id);
    if (tint === undefined) {
      tint = hashOf(id) % tintCount;
      const taken = new Set(Array.from(present.keys(), (other) => kept.get(other)));
      for (let tries = 1; taken.has(tint) && tries < tintCount; tries += 1) tint = (tint + step) % tintCount;
      kept.set(id, tint);
    }
    return tint;
  }

  return {
    tintOf,
    /** To be called before names are drawn: those who are present choose before the authors of older messages. */
    seat(members: ReadonlyMap<VisitorId, unknown>): void {
      if (members === present) return;
      present = members;
      // In the order of their ids, so that most readers of a room see the same colours.
      for (const id of [...members.keys()].sort()) tintOf(id);
    },
  };
}

function hashOf(id: VisitorId): number {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return hash;
}

export const { tintOf, seat } = createTints();
