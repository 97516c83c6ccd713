import type { Entry, Gap, Member } from "../../protocol/events";
import type { Broker } from "../../server/broker/broker";
import type { FeedListener, Following } from "../../server/broker/feed";
import type { Entrance } from "../../server/broker/membership";
import { documentedPrefix } from "../support/store-acl";

/** A listener that keeps everything it receives, and lets a test wait for it. */
export class ObservedRoom implements FeedListener {
  readonly entries: Entry[] = [];
  readonly gaps: Gap[] = [];
  readonly epochs: string[] = [];
  /** The names of the typing members, after each change. */
  readonly typists: string[][] = [];
  private waiting: (() => void)[] = [];

  static async follow(
    broker: Broker,
    room: string,
  ): Promise<{ observed: ObservedRoom; following: Following }> {
    const observed = new ObservedRoom();
    return { observed, following: await broker.feed.follow(room, observed) };
  }

  appended(epoch: string, entries: Entry[]): void {
    this.entries.push(...entries);
    this.epochs.push(...entries.map(() => epoch));
    this.wake();
  }

  gap(gap: Gap): void {
    this.gaps.push(gap);
    this.wake();
  }

  typing(members: Member[]): void {
    this.typists.push(members.map(({ name }) => name));
    this.wake();
  }

  /** Resolves with the first entry that fits; the test's own time-out ends a wait in vain. */
  async first(fits: (entry: Entry) => boolean): Promise<Entry> {
    for (;;) {
      const found = this.entries.find(fits);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  async until(isReached: () => boolean): Promise<void> {
    while (!isReached()) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private wake(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}

let made = 0;
/** Unique within one run, and of the shape that clients use. */
export const freshId = (what: string): string => {
  made += 1;
  return `${what}-${String(made).padStart(8, "0")}`;
};

/** A prefix of keys and channels for one test, within those that the documented user may use. */
export const freshPrefix = (what: string): string => `${documentedPrefix}${freshId(what)}:`;

export const named = (name: string) => ({ name, skeleton: name.toLowerCase() });

/** Lets a visitor in under the first free of some names. */
export function enter(
  broker: Broker,
  room: string,
  visitor: string,
  connection: string,
  ...names: string[]
): Promise<Entrance> {
  return broker.membership.enter({
    room,
    visitor,
    connection,
    names: (names.length > 0 ? names : [visitor]).map(named),
  });
}

/** Renames a member to the first free one of some names. */
export const rename = (
  broker: Broker,
  room: string,
  visitor: string,
  connection: string,
  ...names: string[]
): Promise<Member> => broker.membership.rename({ room, visitor, connection, names: names.map(named) });

/** Renames a member to the one name that it asks for. */
export const renameAs = (
  broker: Broker,
  room: string,
  visitor: string,
  connection: string,
  name: string,
): Promise<Member> =>
  broker.membership.rename({ room, visitor, connection, names: [named("Snipe")], wanted: named(name) });

/** Lets a visitor in under the one name that it asks for. */
export function enterAs(
  broker: Broker,
  room: string,
  visitor: string,
  connection: string,
  name: string,
): Promise<Entrance> {
  const names = ["Swan", "Stork", "Snipe"].map((bird) => named(`${bird} ${visitor}`));
  return broker.membership.enter({ room, visitor, connection, names, wanted: named(name) });
}

export const draft = (text: string, clientMessageId = freshId("draft")) => ({ text, clientMessageId });
