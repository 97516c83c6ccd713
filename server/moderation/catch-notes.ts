import { nanoid } from "nanoid";
import type { ClientMessageId, GuardSign, RoomId, VisitorId } from "../../protocol/events";
import { recordKeys } from "../records/keys";
import { listAt } from "../records/kinds";
import type { Scored, Write } from "../records/records";

/** A message that the guard is about to withhold. `id`: the client's. */
export type Catch = { room: RoomId; author: VisitorId; id: ClientMessageId; signs: GuardSign[] };

/** `at`: when it was noted, by the store's clock. */
export type CatchNote = Catch & { line: string; at: number };

/**
 * Ten times as many as there are reports, so those that give way would be in no report either; 1 MB of the store. Only
 * a flood that comes faster than it is reported gets there.
 */
const mostNotes = 5_000;

/** The messages that are withheld and not reported yet, or about to be refused. */
export const catchNotes = listAt(recordKeys.moderation.catches);

/** Each try of one message has a note of its own: the note of a try that was refused goes, and an earlier try's stays. */
export const noteLine = (caught: Catch): string => JSON.stringify({ ...caught, note: nanoid(8) });

export const noting = (line: string): Write[] => [catchNotes.stamp(line), catchNotes.keepHighest(mostNotes)];

// Only `noteLine` writes these, and older releases, without `note`.
export const readNote = ([line, at]: Scored): CatchNote => ({ ...(JSON.parse(line) as Catch), line, at });
