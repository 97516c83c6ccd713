import type { Member, VisitorId } from "../../protocol/events";
import { type BrowserKept, keepInBrowser, useKept } from "./browser-kept";
import { localStore } from "./storage";
import type { Store } from "./world";

/** Whose messages this browser's reader does not want to see, under the name they had then. */
export type HiddenVisitors = ReadonlyMap<VisitorId, Member>;

export const nobodyHidden: HiddenVisitors = new Map();

/** Who was hidden first comes back first: storage is not endless, and nobody has so many enemies. */
const maxHidden = 200;

const isMember = (one: unknown): one is Member =>
  typeof one === "object" &&
  one !== null &&
  "id" in one &&
  typeof one.id === "string" &&
  "name" in one &&
  typeof one.name === "string";

function read(written: string | undefined): HiddenVisitors {
  try {
    const members: unknown = JSON.parse(written ?? "[]");
    return new Map(Array.isArray(members) ? members.filter(isMember).map((one) => [one.id, one]) : []);
  } catch {
    return nobodyHidden;
  }
}

/** The list, and the ways to change it. */
export function keepHidden(store: Store) {
  const kept: BrowserKept<HiddenVisitors> = keepInBrowser(store, "madang:hidden", read);
  function change(id: VisitorId, ...added: Member[]): void {
    const others = [...kept.get().values()].filter((member) => member.id !== id);
    const members = [...others, ...added]
      .slice(-maxHidden)
      .map((member) => ({ id: member.id, name: member.name }));
    kept.keep(members.length > 0 ? JSON.stringify(members) : undefined);
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
