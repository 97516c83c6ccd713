import type { Entry, VisitorId } from "../../protocol/events";
import { type Evidence, type Finding, type VisitorLog, visitorOf } from "./log";

/** N-1 to N-3: who came and went, against what the visitors themselves know of it. */
export type NoticeBreaches = { notices: string[]; strangers: string[] };

/** A frozen replica's members leave before they notice that it is frozen, and after a dead one's connections ended. */
const causeBeforeMs = 60_000;
const causeAfterMs = 20_000;

export function judgeNotices({ visitors, findings }: Evidence): NoticeBreaches {
  const breaches: NoticeBreaches = { notices: [], strangers: [] };
  for (const finding of findings) {
    const inRoom = visitors.filter(({ room }) => room === finding.room);
    judgeRoom(finding, new Map(inRoom.map((visitor) => [visitorOf(visitor), visitor])), breaches);
  }
  return breaches;
}

function judgeRoom(
  finding: Finding,
  visitors: ReadonlyMap<VisitorId, VisitorLog>,
  { notices, strangers }: NoticeBreaches,
): void {
  const { room, reader, entries, membersWhenQuiet, membersInTheEnd } = finding;
  const present = new Set<VisitorId>();
  for (const entry of entries) {
    if (!("by" in entry)) continue;
    const { id } = entry.by;
    const visitor = visitors.get(id);
    if (visitor === undefined && id !== reader) strangers.push(`${room}: ${id} under ${entry.seq} is nobody`);
    const fault = faultOf(entry, present.has(id));
    if (fault !== undefined) notices.push(`${room}: ${visitor?.label ?? id} ${fault} (${entry.seq})`);
    if (entry.kind === "leave" && visitor !== undefined && !hasCause(visitor, entry.at))
      notices.push(
        `${room}: ${visitor.label} is said to have left (${entry.seq}) and was there all the time`,
      );
    if (entry.kind === "join") present.add(id);
    if (entry.kind === "leave") present.delete(id);
  }
  for (const id of present)
    if (id !== reader) notices.push(`${room}: ${visitors.get(id)?.label ?? id} never left by the notices`);

  const staying = [...visitors].filter(([, { hasVanished }]) => !hasVanished).map(([id]) => id);
  const labels = (ids: readonly VisitorId[]) => ids.map((id) => visitors.get(id)?.label ?? id).join(", ");
  const missing = staying.filter((id) => !membersWhenQuiet.includes(id));
  const ghosts = membersWhenQuiet.filter((id) => !staying.includes(id));
  if (missing.length > 0)
    notices.push(`${room}: not among the members when all was quiet: ${labels(missing)}`);
  if (ghosts.length > 0) notices.push(`${room}: among the members although gone: ${labels(ghosts)}`);
  if (membersInTheEnd.length > 0)
    notices.push(`${room}: members after everybody had left: ${labels(membersInTheEnd)}`);
}

function faultOf({ kind }: Entry, isPresent: boolean): string | undefined {
  if (kind === "join") return isPresent ? "joined twice" : undefined;
  if (isPresent) return undefined;
  return kind === "leave" ? "left twice" : "spoke without being there";
}

/** Whether a connection of the visitor ended, or it left, near enough to be why others were told so. */
function hasCause({ lines }: VisitorLog, at: number): boolean {
  const isNear = (moment: number) => moment > at - causeBeforeMs && moment < at + causeAfterMs;
  return lines.some(
    (line) =>
      (line.is === "ended" || (line.is === "asked" && line.command === "room:leave")) && isNear(line.at),
  );
}
