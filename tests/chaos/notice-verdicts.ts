import type { Entry, JoinAnswer, VisitorId } from "../../protocol/events";
import {
  type Act,
  answersIn,
  type Evidence,
  type Finding,
  isBanned,
  type VisitorLog,
  visitorOf,
} from "./log";

/** N-1 to N-3 and ID-2: the notices of visitors who came, went and spoke, against the visitors' own logs. */
export type NoticeBreaches = { notices: string[]; strangers: string[] };

/**
 * N-2: a visitor that heard from the room within this time has not left. It is the shortest grace, minus the difference
 * between the clocks.
 */
const leastAbsenceMs = 2_500;

/** A visitor as the verdicts need it; `names` are the names that the server has given it. */
type Known = VisitorLog & { names: ReadonlySet<string>; acts: readonly Act[] };

export function judgeNotices({ visitors, findings, acts }: Evidence): NoticeBreaches {
  const breaches: NoticeBreaches = { notices: [], strangers: [] };
  for (const finding of findings) {
    const inRoom = visitors.filter(({ room }) => room === finding.room);
    const known = new Map(inRoom.map((log) => [visitorOf(log), { ...log, names: namesOf(log), acts }]));
    judgeEntries(finding, known, breaches);
    judgeMembersLeft(finding, known, breaches);
  }
  return breaches;
}

function judgeEntries(
  { room, reader, entries }: Finding,
  visitors: ReadonlyMap<VisitorId, Known>,
  { notices, strangers }: NoticeBreaches,
): void {
  const present = new Set<VisitorId>();
  /** F-4: members that no notice names. */
  let counted = 0;
  for (const entry of entries) {
    if (entry.kind === "visits") {
      for (const gone of entry.gone ?? []) present.delete(gone);
      counted = entry.memberCount - present.size;
    }
    if (!("by" in entry)) continue;
    const { id, name } = entry.by;
    const visitor = visitors.get(id);
    const who = visitor?.label ?? id;
    if (id !== reader && !visitor?.names.has(name))
      strangers.push(`${room}: ${who} is nobody who was called ${name} (${entry.seq})`);
    const isCounted = counted > 0 && entry.kind !== "join" && entry.kind !== "leave";
    const fault = faultOf(entry, present.has(id) || isCounted, visitor);
    if (fault !== undefined) notices.push(`${room}: ${who} ${fault} (${entry.seq})`);
    if (entry.kind === "join") present.add(id);
    if (entry.kind === "leave") present.delete(id);
  }
  for (const id of present)
    if (id !== reader) notices.push(`${room}: ${visitors.get(id)?.label ?? id} never left by the notices`);
}

function judgeMembersLeft(
  { room, membersWhenQuiet, membersInTheEnd }: Finding,
  visitors: ReadonlyMap<VisitorId, Known>,
  { notices }: NoticeBreaches,
): void {
  const staying = [...visitors].filter(([, { hasVanished }]) => !hasVanished).map(([id]) => id);
  const tell = (what: string, ids: readonly VisitorId[]) => {
    const labels = ids.map((id) => visitors.get(id)?.label ?? id).join(", ");
    if (ids.length > 0) notices.push(`${room}: ${what}: ${labels}`);
  };
  tell(
    "not among the members when all was quiet",
    staying.filter((id) => !membersWhenQuiet.includes(id)),
  );
  tell(
    "among the members although gone",
    membersWhenQuiet.filter((id) => !staying.includes(id)),
  );
  tell("members after all had left", membersInTheEnd);
}

function faultOf({ kind, at }: Entry, isPresent: boolean, visitor: Known | undefined): string | undefined {
  if (kind === "join") return isPresent ? "joined twice" : undefined;
  if (!isPresent) return kind === "leave" ? "left twice" : "spoke without being there";
  const hasLeft = kind !== "leave" || visitor === undefined || isOut(visitor, at);
  return hasLeft ? undefined : "is said to have left and was there a moment before";
}

const isOut = (visitor: Known, at: number): boolean =>
  isBanned(visitor.acts, visitorOf(visitor), at) || wasAway(visitor, at);

/** Whether the visitor had left, or had been out of touch with the room for long enough. */
function wasAway(visitor: VisitorLog, at: number): boolean {
  const before = visitor.lines.filter((line) => line.at <= at);
  const hasLeft = before.some((line) => line.is === "asked" && line.command === "room:leave");
  if (hasLeft && !visitor.hasVanished) return true;
  const lastSign = lastSignOf({ ...visitor, lines: before });
  return lastSign === undefined || at - lastSign >= leastAbsenceMs;
}

/**
 * When the visitor last heard anything over a connection that had joined the room; one that is still opening does not
 * count.
 */
function lastSignOf(visitor: VisitorLog): number | undefined {
  const joins = answersIn(visitor).filter(
    ({ answer, question }) => answer.ok && question.command === "room:join",
  );
  const joinedAt = new Map(joins.toReversed().map(({ connection, at }) => [connection, at]));
  return visitor.lines.findLast(
    (line) =>
      (line.is === "heard" || line.is === "answered") &&
      line.at >= (joinedAt.get(line.connection) ?? Number.POSITIVE_INFINITY),
  )?.at;
}

function namesOf(visitor: VisitorLog): ReadonlySet<string> {
  const told = answersIn(visitor).flatMap(({ answer, question }) =>
    answer.ok && question.command === "room:join" ? [(answer as { ok: true } & JoinAnswer).self.name] : [],
  );
  return new Set(told);
}
