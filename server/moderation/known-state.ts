import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import { type Reach, ReachState } from "../lib/reach";
import type { NewAct } from "./acts";
import { type Change, changesKeptMs, changesPage, type StateStore, type Subject } from "./state-store";

/** Another replica's change is known after this time; a change to which it has led, after twice as long. */
export const readEveryMs = 250;
/**
 * O-4: a replica that has not read for this long, because it was suspended or is far too busy, does nothing for its visitors
 * before it has.
 */
const staleMs = 1_000;
/** A store that came back older than it was may lack changes that were read: everything is read again so often. */
const reloadEveryMs = 60_000;

type Listener = (change: Change) => void;
type KnownStateOptions = { store: StateStore; clock: Clock; logger: Logger };

/** The state as this replica knows it, without asking the store; it reads changes a few times a second. */
export class KnownState {
  private readonly texts = new Map<string, string>();
  private readonly listeners = new Set<Listener>();
  private readonly stopReading: () => void;
  private lastChange = 0;
  /** When the last answered reading, and the last reading of everything, began. */
  private readAt = Number.NEGATIVE_INFINITY;
  private loadedAt = Number.NEGATIVE_INFINITY;
  private reading: Promise<void> | undefined;
  private readonly state = new ReachState(true);

  constructor(private readonly options: KnownStateOptions) {
    this.stopReading = options.clock.every(readEveryMs, () => {
      this.readNew().catch((error: unknown) => {
        options.logger.debug({ err: error }, "could not read the moderators' changes; trying again");
        if (!this.isFresh) this.state.set(false);
      });
    });
  }

  /** Unreachable while the store's answers fail, and nothing is done for visitors because of that. */
  get reach(): Reach {
    return this.state;
  }

  /** Calls the listener for each change, also for those that this replica makes. Listeners are never removed. */
  onChange(listener: Listener): void {
    this.listeners.add(listener);
  }

  get isFresh(): boolean {
    return this.options.clock.now() - this.readAt <= staleMs;
  }

  /** Reads on when nothing was read lately. Throws as the store does. */
  async refresh(): Promise<void> {
    if (this.isFresh) return;
    // A reading that is under way may have begun while the store was away, and fail although it is back.
    await this.reading?.catch(() => undefined);
    if (!this.isFresh) await this.readNew();
  }

  /** Writes changes, and resolves when this replica knows them. Throws as the store does. */
  async write(changes: readonly Change[], act?: NewAct): Promise<void> {
    await this.options.store.write(changes, act);
    await this.readAfter();
  }

  /** The same for a change that depends on the present text. */
  async amend(subject: Subject, change: Parameters<StateStore["amend"]>[1], act?: NewAct): Promise<void> {
    await this.options.store.amend(subject, change, act);
    await this.readAfter();
  }

  /** Has all replicas tell their listeners of the subject, although its text is the same. */
  async touch(subject: Subject, act?: NewAct): Promise<void> {
    await this.options.store.touch(subject, act);
    await this.readAfter();
  }

  close(): void {
    this.stopReading();
  }

  /** A reading that is under way may have begun before the write. */
  private async readAfter(): Promise<void> {
    await this.reading?.catch(() => undefined);
    await this.readNew();
  }

  private readNew(): Promise<void> {
    this.reading ??= this.read().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  private async read(): Promise<void> {
    const now = this.options.clock.now();
    const isOld = now - this.readAt > changesKeptMs / 2 || now - this.loadedAt > reloadEveryMs;
    await (isOld ? this.load(now) : this.readChanges());
    this.readAt = now;
    this.state.set(true);
  }

  private async load(now: number): Promise<void> {
    const { at, state } = await this.options.store.all();
    for (const subject of [...this.texts.keys()])
      if (!state.has(subject)) this.apply({ subject: subject as Subject, text: undefined });
    for (const [subject, text] of state) this.apply({ subject: subject as Subject, text });
    this.lastChange = at;
    this.loadedAt = now;
  }

  private async readChanges(): Promise<void> {
    for (let isMore = true; isMore; ) {
      const { at, changes } = await this.options.store.changedAfter(this.lastChange);
      // A room's title changes without its state: tell of it all the same.
      for (const change of changes) this.apply(change, change.subject.startsWith("room "));
      this.lastChange = at;
      isMore = changes.length === changesPage;
    }
  }

  private apply(change: Change, isTold = false): void {
    const { subject, text } = change;
    if (!isTold && this.texts.get(subject) === text) return;
    if (text === undefined) this.texts.delete(subject);
    else this.texts.set(subject, text);
    for (const listener of this.listeners) this.tell(listener, change);
  }

  /** A listener that fails keeps neither this change nor later ones from the others. */
  private tell(listener: Listener, change: Change): void {
    try {
      listener(change);
    } catch (error) {
      const { subject } = change;
      this.options.logger.error({ err: error, subject }, "could not apply a moderators' change");
    }
  }
}

/** Hands the changes of one kind of subject on, by what follows its kind. */
export const changesOf =
  (
    kind:
      | "role"
      | "sanction"
      | "room"
      | "report"
      | "caught"
      | "unlisted"
      | "uncounted"
      | "expelled"
      | "published"
      | "guard",
    take: (name: string, text: string | undefined) => void,
  ): Listener =>
  ({ subject, text }) => {
    if (subject.startsWith(`${kind} `)) take(subject.slice(kind.length + 1), text);
  };
