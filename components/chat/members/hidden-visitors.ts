import type { Member, VisitorId } from "../../../protocol/events";
import { keepInBrowser, useKept } from "../client/browser-kept";
import { localStore } from "../client/storage";
import type { Store } from "../client/world";

/** Whose messages this browser's reader does not want to see, under the name they had then. */
export type HiddenVisitors = ReadonlyMap<VisitorId, Member>;

export const nobodyHidden: HiddenVisitors = new Map();

/** Whoever was hidden first comes back first: storage is not endless, and nobody has so many enemies. */
const maxHidden = 200;

/** A line for each, the id before the name; whatever else stands there names nobody. */
const read = (written = ""): HiddenVisitors =>
  new Map([...written.matchAll(/^(\S+) (.+)$/gm)].map(([, id = "", name = ""]) => [id, { id, name }]));

/** The list, and the ways to change it. */
export function keepHidden(store: Store) {
  const kept = keepInBrowser(store, "madang:hidden", read);
  function change(id: VisitorId, ...added: Member[]): void {
    const others = [...kept.get().values()].filter((member) => member.id !== id);
    const lines = [...others, ...added].slice(-maxHidden).map((member) => `${member.id} ${member.name}`);
    kept.keep(lines.join("\n") || undefined);
  }
  return {
    kept,
    hide: (member: Member) => change(member.id, member),
    showAgain: (id: VisitorId) => change(id),
  };
}

const browser = keepHidden(localStore);

export const { hide, showAgain } = browser;

export const useHidden = (): HiddenVisitors => useKept(browser.kept, nobodyHidden);
