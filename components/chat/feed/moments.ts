import type { Locale } from "../../../protocol/events";

/** The settings of the visitor's browser that decide how a moment is written. */
export type Habits = { region?: string | undefined; hourCycle?: Intl.LocaleHourCycleKey | undefined };

/** The habits that belong to a language tag, here the visitor's first language, whichever language the page is in. */
export function habitsOf(tag: string): Habits {
  try {
    const { region } = new Intl.Locale(tag).maximize();
    const { hourCycle } = new Intl.DateTimeFormat(tag, { hour: "numeric" }).resolvedOptions();
    return { region, hourCycle };
  } catch {
    // Not a language tag: the page's own format stays.
    return {};
  }
}

const habits = habitsOf(globalThis.navigator?.language ?? "");
const made = new Map<string, Intl.DateTimeFormat>();

/** The page's language, with the visitor's order and clock: English in Germany says 19:36. */
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

/** The same for all moments of one day in the visitor's time zone. */
export const dayOf = (at: number): string => new Date(at).toDateString();

export function nearDay(at: number, now: number): "today" | "yesterday" | undefined {
  if (dayOf(at) === dayOf(now)) return "today";
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  return dayOf(at) === yesterday.toDateString() ? "yesterday" : undefined;
}

/** An end in the future: its time, and its day when that is not today. */
export const untilOf = (at: number, locale: Locale): string =>
  dayOf(at) === dayOf(Date.now()) ? timeOf(at, locale) : momentOf(at, locale);

/** When the next day begins in the visitor's time zone. */
export function nextMidnight(now: number): number {
  const next = new Date(now);
  return next.setHours(24, 0, 0, 0);
}
