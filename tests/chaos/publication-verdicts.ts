import type { Line } from "../../components/chat/state/lines";
import type { Entry, MessageEntry, PublishedEntry } from "../../protocol/events";
import { mostShown } from "./feed-verdicts";
import type { Evidence, Finding } from "./log";

/** O-7: a withheld message that the owner publishes is shown once on each page, its author's included. */
export function judgePublications({ visitors, findings, acts }: Evidence): string[] {
  return findings.flatMap((finding) => {
    const { room, entries } = finding;
    const publications = entries.filter((entry) => entry.kind === "published");
    const unfulfilled = acts.flatMap((act) =>
      act.did === "publish" && act.room === room && !isFulfilled(act.seq, entries)
        ? [`${room}: ${act.seq} was acknowledged as published, and is not`]
        : [],
    );
    const shown = visitors
      .filter((visitor) => visitor.room === room)
      .flatMap(({ label, shown: lines }) =>
        lines === undefined ? [] : wrongTimes(publications, lines, finding).map((what) => `${label} ${what}`),
      );
    return [...unfulfilled, ...shown];
  });
}

const isFulfilled = (seq: number, entries: readonly Entry[]): boolean =>
  entries.some((entry) => entry.kind === "published" && entry.message.seq === seq) ||
  entries.some((entry) => entry.kind === "removed" && entry.seq === seq);

const isSame = (one: MessageEntry, other: MessageEntry): boolean =>
  one.by.id === other.by.id && one.clientMessageId === other.clientMessageId;

function wrongTimes(
  publications: readonly PublishedEntry[],
  shown: readonly Line[],
  { entries }: Finding,
): string[] {
  return publications.flatMap(({ message, seq }) => {
    const times = shown.filter((line) => line.kind === "message" && isSame(line, message)).length;
    // A full page has dropped its oldest lines.
    const isWrong = entries.length < mostShown ? times !== 1 : times > 1;
    return isWrong ? [`shows what was published as ${seq} ${times} times`] : [];
  });
}
