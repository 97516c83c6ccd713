import type { Member, VisitorId } from "../../../protocol/events";
import type { Store } from "../client/environment";
import { persistValue, usePersisted } from "../client/persisted-value";
import { localStore } from "../client/storage";

/** Visitors whose messages this browser hides, with the names they had when they were hidden. */
export type HiddenVisitors = ReadonlyMap<VisitorId, Member>;

export const noneHidden: HiddenVisitors = new Map();

/** Beyond this the visitor hidden first is shown again: storage is limited. */
const maxHidden = 200;

/** One line for each visitor: the id, a space, the name. Other lines are ignored. */
const read = (written = ""): HiddenVisitors =>
  new Map([...written.matchAll(/^(\S+) (.+)$/gm)].map(([, id = "", name = ""]) => [id, { id, name }]));

/** The list, and the ways to change it. */
export function keepHidden(store: Store) {
  const kept = persistValue(store, "madang:hidden", read);
  function change(id: VisitorId, ...added: Member[]): void {
    const others = [...kept.get().values()].filter((member) => member.id !== id);
    const lines = [...others, ...added].slice(-maxHidden).map((member) => `${member.id} ${member.name}`);
    kept.set(lines.join("\n") || undefined);
  }
  return {
    kept,
    hide: (member: Member) => change(member.id, member),
    showAgain: (id: VisitorId) => change(id),
  };
}

const browser = keepHidden(localStore);

export const { hide, showAgain } = browser;

export const useHidden = (): HiddenVisitors => usePersisted(browser.kept, noneHidden);
