import type { Entry, JoinAnswer, Member, MembersAnswer, VisitorId } from "../../../protocol/events";

/** Who is in the room. Entries up to the number `trueAt` are already counted in. */
export type Presence = {
  self?: Member;
  members: ReadonlyMap<VisitorId, Member>;
  count: number;
  trueAt: number;
};

export const noPresence: Presence = { members: new Map(), count: 0, trueAt: 0 };

export const present = ({ self, members, memberCount, presenceSeq }: JoinAnswer): Presence => ({
  self,
  members: new Map(members.map((member) => [member.id, member])),
  count: memberCount,
  trueAt: presenceSeq,
});

/**
 * Adds a page of the member list. `since`: the entries after the number at which the page was true; all of them are in
 * the presence.
 */
export function listMore(presence: Presence, page: MembersAnswer, since: readonly Entry[]): Presence {
  const members = new Map(page.members.map((member) => [member.id, member]));
  const listed = follow({ ...noPresence, members, trueAt: page.presenceSeq }, since);
  return { ...presence, members: new Map([...presence.members, ...listed.members]) };
}

/** Applies the entries, each at most once. */
export function follow(presence: Presence, entries: readonly Entry[]): Presence {
  const fresh = entries.filter((entry) => entry.seq > presence.trueAt);
  return fresh.reduce(step, presence);
}

function step(presence: Presence, entry: Entry): Presence {
  const { seq: trueAt } = entry;
  if (entry.kind === "visits") {
    const members = new Map(presence.members);
    for (const id of entry.gone ?? []) members.delete(id);
    return { ...presence, members, count: entry.memberCount, trueAt };
  }
  if (entry.kind === "message") return withRole({ ...presence, trueAt }, entry.by);
  if (entry.kind !== "join" && entry.kind !== "leave" && entry.kind !== "rename")
    return { ...presence, trueAt };
  const { id } = entry.by;
  const isListed = presence.members.has(id);
  const members = new Map(presence.members);
  if (entry.kind === "leave") members.delete(id);
  else if (isListed || entry.kind === "join") members.set(id, entry.by);
  const count = presence.count + change(presence, entry.kind, isListed);
  const isSelf = presence.self?.id === id && entry.kind === "rename";
  return {
    ...presence,
    ...(isSelf && { self: entry.by }),
    members,
    count: Math.max(count, members.size),
    trueAt,
  };
}

/** A visitor is given a role, or loses it, without an entry: its next message tells. */
export function withRole(presence: Presence, by: Member): Presence {
  const { members, self } = presence;
  const known = members.get(by.id);
  const isOwn = self?.id === by.id;
  if ((!known || known.role === by.role) && (!isOwn || self.role === by.role)) return presence;
  return {
    ...presence,
    ...(isOwn && { self: by }),
    members: known ? new Map(members).set(by.id, by) : members,
  };
}

/**
 * How the count changes. For a listed member a repeated join counts for nothing; the ack lists only some members, so
 * beyond the list the entry is trusted.
 */
function change(presence: Presence, kind: "join" | "leave" | "rename", isListed: boolean): number {
  if (kind === "join") return isListed ? 0 : 1;
  if (kind === "leave") return isListed || presence.count > presence.members.size ? -1 : 0;
  return 0;
}
