import type { Entry, HistoryAnswer, JoinAnswer, MessageEntry } from "../../protocol/events";
import { type Act, type Appended, answersIn, type Evidence, type VisitorLog, visitorOf } from "./log";

/** O-4: the owner's decision holds on every replica within this time. */
export const holdsWithinMs = 1_000;

export type ModerationBreaches = { heard: string[]; leaked: string[]; kept: string[] };

/** A message as a visitor received it: in an answer to its own command, otherwise live. */
type Given = { entry: MessageEntry; askedAt: number | undefined };

export function judgeModeration({ visitors, findings, acts }: Evidence): ModerationBreaches {
  const breaches: ModerationBreaches = { heard: [], leaked: [], kept: [] };
  for (const { room, entries } of findings) {
    const withheld = new Set(entries.filter(isWithheld).map(({ seq }) => seq));
    const removals = acts.flatMap((act) => (act.did === "remove" && act.room === room ? [act] : []));
    for (const visitor of visitors.filter((each) => each.room === room)) {
      const { label } = visitor;
      for (const { entry, askedAt } of givenTo(visitor)) {
        const { seq, by } = entry;
        if (by.id === visitorOf(visitor)) continue;
        if (withheld.has(seq)) breaches.leaked.push(`${label} was given ${seq} of ${by.id}`);
        if (removals.some((act) => act.seq === seq && askedAt !== undefined && askedAt > act.at))
          breaches.kept.push(`${label} asked for and was given ${seq}`);
        if (acts.some((act) => act.did === "ban" && act.visitor === by.id && isLater(entry.at, act)))
          breaches.heard.push(`${label} heard ${by.id}, who is banned, at ${seq}`);
      }
    }
    for (const entry of entries)
      if (entry.kind === "message" && !withheld.has(entry.seq) && isShadowed(entry, acts))
        breaches.heard.push(`${room}: ${entry.seq} is of a shadowed visitor, and for all`);
  }
  return breaches;
}

const isWithheld = (entry: Entry): boolean => entry.kind === "message" && entry.withheld === true;

const isLater = (at: number, act: Act): boolean => at > act.at + holdsWithinMs;

const isShadowed = ({ by, at }: MessageEntry, acts: readonly Act[]): boolean =>
  acts.some((act) => act.did === "shadow" && act.visitor === by.id && isLater(at, act));

function givenTo(visitor: VisitorLog): Given[] {
  const live = visitor.lines.flatMap((line) =>
    line.is === "heard" && line.event === "feed:appended" ? (line.body as Appended).entries : [],
  );
  const asked = answersIn(visitor).flatMap(({ answer, question: { command, at } }) => {
    if (!answer.ok || !(command === "room:join" || command === "history:read")) return [];
    const { entries } = answer as { ok: true } & (JoinAnswer | HistoryAnswer);
    return entries.map((entry) => ({ entry, askedAt: at }));
  });
  return [...live.map((entry) => ({ entry, askedAt: undefined })), ...asked].filter(
    (given): given is Given => given.entry.kind === "message",
  );
}
