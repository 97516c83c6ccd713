import type { Entry, VisitorId } from "../../../protocol/events";
import type { Journal } from "../../journal/journal";
import type { Source } from "../receipts";

/** What the rows of a room are about; the entries' prefix is the one that the journal reads row by row. */
export const prefixes = { room: "r:", entry: "e:", member: "m:", name: "n:", held: "h:" };

/** Numbers in keys have so many digits of base 36 that their order is that of the keys. */
const [roomDigits, seqDigits] = [6, 9];
const digits = (number: number, length: number): string => number.toString(36).padStart(length, "0");

/** The part of a row's key that stands for its room. */
export const partOf = (key: string, prefix: string): string =>
  key.slice(prefix.length, prefix.length + roomDigits);

/** The row of a removed message says whose it was: the entry itself does not any more. */
export type EntryRow = Entry & { source?: Source };
/** `isJoinCounted`: the join has no entry of its own (F-4). It is here because the room's row is written with each message. */
export type MemberRow = { id: VisitorId; name: string; skeleton: string; isJoinCounted?: true };
/** A name kept for a visitor's return, with the times in milliseconds since 1970. */
export type NameRow = {
  visitor: VisitorId;
  name: string;
  skeleton: string;
  at: number;
  until: number;
  hasSpoken: boolean;
};
export type HeldRow = { skeleton: string; visitor: VisitorId; until: number };

/** The rows of one room in the journal. The room's number stands for it in the keys, so that they are short. */
export class RoomRows {
  private readonly prefix: string;

  constructor(
    private readonly journal: Journal,
    room: number,
    /** Makes the text of the room itself. */
    private readonly describe: () => string,
  ) {
    this.prefix = digits(room, roomDigits);
  }

  /** Call when the room itself has changed. */
  changed(): void {
    this.journal.put(prefixes.room + this.prefix, this.describe);
  }

  /** The same, when a text in it is to go for good. */
  replaced(): void {
    this.journal.erase(prefixes.room + this.prefix, this.describe);
  }

  removeRoom(): void {
    this.journal.remove(prefixes.room + this.prefix);
  }

  putEntry(seq: number, json: string): void {
    this.journal.put(this.entryKey(seq), json);
  }

  /** The text that stood there is to go for good. */
  eraseEntry(seq: number, json: string): void {
    this.journal.erase(this.entryKey(seq), json);
  }

  removeEntry(seq: number): void {
    this.journal.remove(this.entryKey(seq));
  }

  /** One that gives way to newer ones. */
  dropEntry(seq: number): void {
    this.journal.drop(this.entryKey(seq));
  }

  /** An entry of an earlier process; undefined when it is lost. Throws ChatError("unavailable") when it cannot be read. */
  readEntry(seq: number): EntryRow | undefined {
    const key = this.entryKey(seq);
    const text = this.journal.read(key);
    try {
      return text === undefined ? undefined : (JSON.parse(text) as EntryRow);
    } catch {
      this.journal.lost(key);
      return undefined;
    }
  }

  putMember(row: MemberRow): void {
    this.journal.put(`${prefixes.member}${this.prefix}:${row.id}`, () => JSON.stringify(row));
  }

  /** The member has left: its name stays in a row of its own. */
  removeMember(visitor: VisitorId): void {
    this.journal.drop(`${prefixes.member}${this.prefix}:${visitor}`);
  }

  putName(row: NameRow): void {
    this.journal.put(`${prefixes.name}${this.prefix}:${row.visitor}`, () => JSON.stringify(row));
  }

  removeName(visitor: VisitorId): void {
    this.journal.remove(`${prefixes.name}${this.prefix}:${visitor}`);
  }

  /** It gave way to newer ones, or its time is over; so `dropHeld`. */
  dropName(visitor: VisitorId): void {
    this.journal.drop(`${prefixes.name}${this.prefix}:${visitor}`);
  }

  putHeld(row: HeldRow): void {
    this.journal.put(`${prefixes.held}${this.prefix}:${row.skeleton}`, () => JSON.stringify(row));
  }

  removeHeld(skeleton: string): void {
    this.journal.remove(`${prefixes.held}${this.prefix}:${skeleton}`);
  }

  dropHeld(skeleton: string): void {
    this.journal.drop(`${prefixes.held}${this.prefix}:${skeleton}`);
  }

  /** Calls this once all changes so far are kept. */
  whenKept(run: () => void): void {
    this.journal.whenKept(run);
  }

  private entryKey(seq: number): string {
    return `${prefixes.entry}${this.prefix}:${digits(seq, seqDigits)}`;
  }
}
