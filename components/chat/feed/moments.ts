import type { Locale } from "../../../protocol/events";

const made = new Map<string, Intl.DateTimeFormat>();

/** Making a format is slow, using it is not. */
function format(locale: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  const known = made.get(key);
  if (known) return known;
  const fresh = new Intl.DateTimeFormat(locale, options);
  made.set(key, fresh);
  return fresh;
}

export const timeOf = (at: number, locale: Locale): string =>
  format(locale, { timeStyle: "short" }).format(at);

export const momentOf = (at: number, locale: Locale): string =>
  format(locale, { dateStyle: "medium", timeStyle: "short" }).format(at);

export const dateOf = (at: number, locale: Locale): string =>
  format(locale, { weekday: "long", year: "numeric", month: "long", day: "numeric" }).format(at);

/** The same for all moments of one day of the reader's calendar. */
export const dayOf = (at: number): string => new Date(at).toDateString();

export function nearDay(at: number, now: number): "today" | "yesterday" | undefined {
  if (dayOf(at) === dayOf(now)) return "today";
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  return dayOf(at) === yesterday.toDateString() ? "yesterday" : undefined;
}

/** When the day after begins, by the reader's calendar. */
export function nextMidnight(now: number): number {
  const next = new Date(now);
  return next.setHours(24, 0, 0, 0);
}
