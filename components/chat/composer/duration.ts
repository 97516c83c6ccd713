import type { Locale } from "../../../protocol/events";
import { joined } from "../../words/joined";

const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

/** "30 seconds", "10 minutes": in the largest unit that the time is a whole number of. */
export function durationOf(ms: number, locale: Locale): string {
  const [unit, unitMs] = units.find(([, size]) => ms >= size && ms % size === 0) ?? ["second", 1_000];
  const format = new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" });
  return joined(format.format(Math.max(1, Math.ceil(ms / unitMs))), locale);
}
