import type { RoomId, VisitorId } from "../../protocol/events";
import { recordKeys } from "../records/keys";
import { listAt, mapAt, storeTime } from "../records/kinds";
import type { Records, Write } from "../records/records";
import { actLine, type NewAct } from "./acts";

/**
 * A subject of the state: a visitor's role, a sanction, a room's rules and title, a reported message, authors of
 * messages that were withheld or taken away, how many of those withheld no report tells of, visitors who were taken out
 * of rooms, published messages, or the word list.
 */
export type Subject =
  | `role ${VisitorId}`
  | `sanction ${string}`
  | `room ${RoomId}`
  | `report ${string}`
  | "caught authors"
  | "unlisted catches"
  | "uncounted authors"
  | "expelled visitors"
  | "published messages"
  | "guard words";

/** `text`: the new state as JSON; undefined when there is none any more. */
export type Change = { subject: Subject; text: string | undefined };

/** How long a change is listed; a replica that has not read for half of it reads everything again. */
export const changesKeptMs = 3_600_000;
/** O-8. */
export const actsKeptMs = 400 * 86_400_000;
/** 125 a day for 400 days, more than a few moderators do; some 8 MB, which a start of the embedded store reads. */
export const mostActs = 50_000;
/** How many changes one reading brings. */
export const changesPage = 500;

const state = mapAt(recordKeys.moderation.state);
const changes = listAt(recordKeys.moderation.changes);
const acts = listAt(recordKeys.moderation.acts);

/**
 * The decisions of the owner and moderators: small, changed seldom, and known to every replica (known-state.ts). Throws
 * as `Records` does; a full store refuses nothing of it.
 */
export class StateStore {
  constructor(private readonly records: Records) {}

  /** Everything, and the moment up to which it has all changes. */
  async all(): Promise<{ at: number; state: Map<string, string> }> {
    // The moment first: a change in between is then read once more.
    const [[last], all] = await this.records.read(
      changes.listed({ order: "highest", most: 1 }),
      state.fields(),
    );
    return { at: last?.[1] ?? 0, state: all };
  }

  /**
   * The present state of the subjects that changed after a moment, `changesPage` at most, and the moment of the last of
   * them.
   */
  async changedAfter(after: number): Promise<{ at: number; changes: Change[] }> {
    const [changed] = await this.records.read(
      changes.listed({ order: "lowest", above: after, most: changesPage }),
    );
    if (changed.length === 0) return { at: after, changes: [] };
    const texts = await this.records.read(...changed.map(([subject]) => state.field(subject)));
    return {
      at: changed.at(-1)?.[1] ?? after,
      changes: changed.map(([subject], index) => ({ subject: subject as Subject, text: texts[index] })),
    };
  }

  /** Milliseconds since 1970, by the store's clock. */
  async now(): Promise<number> {
    return (await this.records.read(storeTime))[0];
  }

  /** Writes changes, and with them who made them, as one step. */
  async write(made: readonly Change[], act?: NewAct): Promise<void> {
    const now = await this.now();
    const writes = made.flatMap(written);
    await this.records.write([...writes, changes.dropBelow(now - changesKeptMs), ...logged(act, now)], {
      evenWhenFull: true,
    });
  }

  /** Lists a subject as changed, and leaves its state as it is now. */
  async touch(subject: Subject, act?: NewAct): Promise<void> {
    const now = await this.now();
    await this.records.write([changes.stamp(subject), ...logged(act, now)], { evenWhenFull: true });
  }

  /**
   * Changes one subject's text, and logs the act with it. `change` is given the present text, and returns it when there
   * is nothing to do.
   */
  async amend(
    subject: Subject,
    change: (text: string | undefined) => string | undefined,
    act?: NewAct,
  ): Promise<void> {
    const now = await this.now();
    await this.records.step(async (step) => {
      const [was] = await step.read(state.field(subject));
      const text = change(was);
      const writes = text === was ? [] : written({ subject, text });
      if (writes.length === 0 && act === undefined) return;
      await step.write([...writes, ...logged(act, now)], { evenWhenFull: true });
    });
  }

  /** The acts before a moment, the newest first. */
  async acts(before: number | undefined, most: number): Promise<[line: string, at: number][]> {
    // Moments are whole milliseconds.
    const upTo = before === undefined ? {} : { upTo: before - 1 };
    return (await this.records.read(acts.listed({ order: "highest", most, ...upTo })))[0];
  }
}

const written = ({ subject, text }: Change): Write[] => [
  text === undefined ? state.removeField(subject) : state.setField(subject, text),
  changes.stamp(subject),
];

const logged = (act: NewAct | undefined, now: number): Write[] =>
  act === undefined
    ? []
    : [acts.stamp(actLine(act)), acts.dropBelow(now - actsKeptMs), acts.keepHighest(mostActs)];
