import type { Locale } from "../../../protocol/events";

/** What a browser says of its reader that decides how a moment is written. */
export type Habits = { region?: string | undefined; hourCycle?: Intl.LocaleHourCycleKey | undefined };

/** Of the language that the reader puts first, whichever language the page is in. */
export function habitsOf(tag: string): Habits {
  try {
    const { region } = new Intl.Locale(tag).maximize();
    const { hourCycle } = new Intl.DateTimeFormat(tag, { hour: "numeric" }).resolvedOptions();
    return { region, hourCycle };
  } catch {
    // Not a language: the page's own way it is.
    return {};
  }
}

const habits = habitsOf(globalThis.navigator?.language ?? "");
const made = new Map<string, Intl.DateTimeFormat>();

/** The page's words in the reader's order, and on the reader's clock: English in Germany says 19:36. */
export const placed = (
  locale: Locale,
  options: Intl.DateTimeFormatOptions,
  { region, hourCycle }: Habits,
): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat(region ? `${locale}-${region}` : locale, {
    ...options,
    ...(options.timeStyle && hourCycle && { hourCycle }),
  });

/** Making a format is slow, using it is not. */
function format(locale: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  const known = made.get(key);
  if (known) return known;
  const fresh = placed(locale, options, habits);
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
