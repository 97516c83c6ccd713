import type { Member, VisitorId } from "../../../protocol/events";
import { keepInBrowser, useKept } from "../client/browser-kept";
import { localStore } from "../client/storage";
import type { Store } from "../client/world";

/** Visitors whose messages this browser hides, with the names they had when they were hidden. */
export type HiddenVisitors = ReadonlyMap<VisitorId, Member>;

export const nobodyHidden: HiddenVisitors = new Map();

/** Beyond this the visitor hidden first is shown again: storage is limited. */
const maxHidden = 200;

/** One line for each visitor: the id, a space, the name. Other lines are ignored. */
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
