import { joined } from "../words/joined";

const steps = [
  { unit: "minute", ms: 60_000, below: 60 * 60_000 },
  { unit: "hour", ms: 3_600_000, below: 24 * 3_600_000 },
  { unit: "day", ms: 86_400_000, below: Number.POSITIVE_INFINITY },
] as const;

/** A smaller difference is "now": the list itself is some seconds old. */
const nowMs = 45_000;

/** "5 minutes ago", "yesterday", "in 12 minutes", in the reader's language. */
export function relativeTime(differenceMs: number, locale: string): string {
  const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const size = Math.abs(differenceMs);
  const step = steps.find(({ below }) => size < below);
  if (size < nowMs || !step) return words.format(0, "second");
  // Round up both ways: the past counts whole units, and a time to come is never announced too early.
  const count = Math.ceil(differenceMs / step.ms);
  return joined(words.format(differenceMs < 0 ? Math.min(-1, count) : count, step.unit), locale);
}

/** "in 40 seconds", "in 12 minutes": when a refused action may be tried again. */
export const inTime = (waitMs: number, locale: string): string =>
  waitMs < 60_000
    ? joined(new Intl.RelativeTimeFormat(locale).format(Math.ceil(waitMs / 1_000), "second"), locale)
    : relativeTime(waitMs, locale);

/** True where the language's own words for "just now" are better than what `Intl` says. */
export const isNow = (at: number, now: number): boolean => now - at < nowMs;

/** How long ago something happened. The server's clock may be ahead of the browser's: never show a time to come. */
export const agoOf = (at: number, now: number, locale: string): string =>
  relativeTime(Math.min(0, at - now), locale);
