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

/** Gives a copy of the members that may be changed. */
type Copy = (members: Presence["members"]) => Map<VisitorId, Member>;

/** One copy serves all entries of a frame: of a crowd there are many, and a list may be long. */
function makeCopyOnce(): Copy {
  let copy: Map<VisitorId, Member> | undefined;
  return (members) => {
    copy ??= new Map(members);
    return copy;
  };
}

/** Applies the entries, each at most once. */
export function follow(presence: Presence, entries: readonly Entry[]): Presence {
  const copyOnce = makeCopyOnce();
  const fresh = entries.filter((entry) => entry.seq > presence.trueAt);
  return fresh.reduce((before, entry) => step(before, entry, copyOnce), presence);
}

function step(presence: Presence, entry: Entry, copy: Copy): Presence {
  const { seq: trueAt } = entry;
  if (entry.kind === "visits") {
    const members = without(presence.members, entry.gone ?? [], copy);
    return { ...presence, members, count: entry.memberCount, trueAt };
  }
  if (entry.kind === "message") return withRole({ ...presence, trueAt }, entry.by, copy);
  if (entry.kind !== "join" && entry.kind !== "leave" && entry.kind !== "rename")
    return { ...presence, trueAt };
  const { id } = entry.by;
  const isListed = presence.members.has(id);
  const count = presence.count + change(presence, entry.kind, isListed);
  const isHere = entry.kind === "join" || (entry.kind === "rename" && isListed);
  const members = isHere
    ? copy(presence.members).set(id, entry.by)
    : without(presence.members, entry.kind === "leave" ? [id] : [], copy);
  const isSelf = presence.self?.id === id && entry.kind === "rename";
  return {
    ...presence,
    ...(isSelf && { self: entry.by }),
    members,
    count: Math.max(count, members.size),
    trueAt,
  };
}

function without(members: Presence["members"], gone: readonly VisitorId[], copy: Copy): Presence["members"] {
  const listed = gone.filter((id) => members.has(id));
  if (listed.length === 0) return members;
  const others = copy(members);
  for (const id of listed) others.delete(id);
  return others;
}

/** A visitor is given a role, or loses it, without an entry: its next message tells. */
function withRole(presence: Presence, by: Member, copy: Copy): Presence {
  const { members, self } = presence;
  const known = members.get(by.id);
  const isOwn = self?.id === by.id;
  if ((!known || known.role === by.role) && (!isOwn || self.role === by.role)) return presence;
  return {
    ...presence,
    ...(isOwn && { self: by }),
    members: known ? copy(members).set(by.id, by) : members,
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
