import type { Entry, Gap } from "../../protocol/events";
import { bracketed, harmless, wrap } from "./plain-text";

/** How the events of a room look to a person at a terminal. Text of others in a row is harmless. */

export type ScreenStyle = { columns: number; hasColour: boolean };

/** As wide as a time and a space; starts every row that continues another. */
const margin = " ".repeat(6);
const leastColumns = 20;

const styles = { bold: "1", quiet: "2" };
const styled = (text: string, style: keyof typeof styles, { hasColour }: ScreenStyle): string =>
  hasColour ? `\u001b[${styles[style]}m${text}\u001b[0m` : text;

const twoDigits = (value: number): string => String(value).padStart(2, "0");

export function timeOf(at: number): string {
  const time = new Date(at);
  return `${twoDigits(time.getHours())}:${twoDigits(time.getMinutes())}`;
}

export function dayOf(at: number): string {
  const day = new Date(at);
  return `${day.getFullYear()}-${twoDigits(day.getMonth() + 1)}-${twoDigits(day.getDate())}`;
}

function rowsOf(head: string, text: string, { columns }: ScreenStyle): string[] {
  const room = Math.max(leastColumns, columns) - margin.length;
  const rows = text.split("\n").flatMap((row) => wrap(harmless(row.replaceAll("\t", "    ")), room));
  return rows.map((row, place) => (place === 0 ? head : margin) + row);
}

/**
 * Only a notice has two dashes after its time, only a message a name in brackets, only the program an asterisk in
 * front.
 */
export function paintEntry(entry: Entry, style: ScreenStyle): string[] {
  const time = `${timeOf(entry.at)} `;
  if (entry.kind === "published") return paintEntry({ ...entry.message, at: entry.at }, style);
  if (entry.kind !== "message") {
    const notice = noticeOf(entry);
    if (notice === undefined) return [];
    const rows = rowsOf(time, `-- ${notice}`, style);
    return rows.map((row) => styled(row, "quiet", style));
  }
  const name = bracketed(entry.by.name);
  const [first = "", ...others] = rowsOf(time, `${name} ${entry.text}`, style);
  return [first.replace(name, () => styled(name, "bold", style)), ...others];
}

/** Replaces the name of a forgotten visitor (ID-5); no other name is that short. */
export const forgottenName = "–";
const forgotten = "a visitor who was forgotten";
const shown = (name: string): string => (name === forgottenName ? forgotten : bracketed(name));

/** Undefined for a kind of entry from a later version. */
function noticeOf(entry: Exclude<Entry, { kind: "message" }>): string | undefined {
  switch (entry.kind) {
    case "join":
      return `${shown(entry.by.name)} joined`;
    case "leave":
      return `${shown(entry.by.name)} left`;
    case "visits":
      return `${entry.joined} joined, ${entry.left} left`;
    case "closed":
      return `${shown(entry.by.name)} closed the room`;
    case "rename":
      return entry.was === forgottenName
        ? `${forgotten} changed their name`
        : `${shown(entry.was)} is now ${shown(entry.by.name)}`;
    case "removal":
      if (entry.forgotten) return "a visitor was forgotten, and their messages were removed";
      return entry.targets.length === 1
        ? "a message was removed"
        : `${entry.targets.length} messages were removed`;
    case "removed":
      return "this message was removed";
  }
}

export function paintGap({ from, to, reason }: Gap, style: ScreenStyle): string[] {
  const count = to - from + 1;
  const lost =
    reason === "trimmed"
      ? `${count} older ${count === 1 ? "entry has" : "entries have"} expired`
      : "the room was reset; everything above is gone";
  return rowsOf(margin, `-- ${lost}`, style);
}

export const paintDay = (at: number, style: ScreenStyle): string =>
  styled(`${margin}-- ${dayOf(at)}`, "quiet", style);

/** The program's own words; names and titles in them come from others. */
export const paintWord = (word: string, style: ScreenStyle): string[] => rowsOf("* ", word, style);
