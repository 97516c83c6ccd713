import type { Entry, JoinAnswer, VisitorId } from "../../protocol/events";
import { maxListedMembers } from "../../protocol/limits";
import { answersIn, type Evidence, type VisitorLog } from "./log";

type Telling = { seq: number; ids: readonly VisitorId[]; count: number; what: string };

/** Judges whether the members that visitors were told of, and that their pages show, match the notices. */
export function judgeMembers({ visitors, findings }: Evidence): string[] {
  return findings.flatMap(({ room, entries }) => {
    const tellings = visitors.filter((visitor) => visitor.room === room).flatMap(tellingsOf);
    return judgeRoom(
      entries,
      tellings.sort((a, b) => a.seq - b.seq),
    ).map((breach) => `${room}: ${breach}`);
  });
}

function tellingsOf(visitor: VisitorLog): Telling[] {
  const { label, shown, members } = visitor;
  const joins = answersIn(visitor).flatMap(({ answer, question }) => {
    if (!answer.ok || question.command !== "room:join") return [];
    const { members: listed, memberCount, presenceSeq } = answer as { ok: true } & JoinAnswer;
    const ids = listed.map(({ id }) => id);
    return [{ seq: presenceSeq, ids, count: memberCount, what: `${label} was told on joining` }];
  });
  const last = shown?.at(-1)?.seq;
  if (members === undefined || last === undefined) return joins;
  return [...joins, { seq: last, ids: members, count: members.length, what: `${label}'s page shows` }];
}

/** Goes through the room's notices once, and checks each report of members at its place among them. */
function judgeRoom(entries: readonly Entry[], tellings: readonly Telling[]): string[] {
  const present = new Set<VisitorId>();
  const breaches: string[] = [];
  /** F-4: members that no notice names. */
  let counted = 0;
  let next = 0;
  for (const { seq, ids, count, what } of tellings) {
    for (let entry = entries[next]; entry !== undefined && entry.seq <= seq; entry = entries[next]) {
      if (entry.kind === "join") present.add(entry.by.id);
      if (entry.kind === "leave") present.delete(entry.by.id);
      if (entry.kind === "visits") {
        for (const gone of entry.gone ?? []) present.delete(gone);
        counted = entry.memberCount - present.size;
      }
      next += 1;
    }
    const total = present.size + counted;
    const isListRight =
      counted > 0 ||
      (ids.every((id) => present.has(id)) && ids.length === Math.min(present.size, maxListedMembers));
    if (!isListRight || count !== total)
      breaches.push(`${what} ${count} members (${ids.length} listed) at ${seq}, where there were ${total}`);
  }
  return breaches;
}
