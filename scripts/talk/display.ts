import type { Entry, Gap } from "../../protocol/events";
import { harmless } from "./plain-text";
import { record, recordEntry, recordGap } from "./records";
import { dayOf, paintDay, paintEntry, paintGap, paintWord } from "./screen";
import type { Terminal } from "./terminal";

/** Shows events: to a person as rows, to another program as records. */
export type Display = {
  appended(entries: Entry[]): void;
  missed(gap: Gap): void;
  /** Shows the program's own words to a person, or `fields` as a record to a program. */
  tell(words: string, ...fields: (string | number)[]): undefined;
  /** A heading for the next `tell`, shown only to a person. */
  head(words: string): void;
  /** Reports a problem, apart from the records so that it is not read as one. */
  complain(words: string): void;
};

export function createDisplay(terminal: Terminal): Display {
  let day = "";

  function paint(entry: Entry): string[] {
    const style = terminal.style();
    if (!style) return [recordEntry(entry)];
    const isSameDay = dayOf(entry.at) === day;
    day = dayOf(entry.at);
    return [...(isSameDay ? [] : [paintDay(entry.at, style)]), ...paintEntry(entry, style)];
  }

  return {
    appended: (entries) => terminal.print(entries.flatMap(paint)),
    missed(gap) {
      const style = terminal.style();
      terminal.print(style ? paintGap(gap, style) : [recordGap(gap)]);
    },
    tell(words, ...fields) {
      const style = terminal.style();
      terminal.print(style ? paintWord(words, style) : [record(...fields)]);
      return undefined;
    },
    head(words) {
      const style = terminal.style();
      if (style) terminal.print(paintWord(words, style));
    },
    complain(words) {
      const style = terminal.style();
      if (style && terminal.isInteractive) terminal.print(paintWord(words, style));
      else terminal.complain(harmless(words));
    },
  };
}
