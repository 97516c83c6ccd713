import { boundedMap } from "../lib/bounded-map";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import { type Reach, ReachState } from "../lib/reach";
import { endKey, type Session, type TokenEnd } from "./session";
import { endsPage, type TokenEnds } from "./token-ends";

/** How often a replica asks for tokens ended on other replicas. */
const readEveryMs = 1_000;
/** A replica without an answer for this long may have missed an end: it was cut off from the store, or suspended. */
const staleMs = 3 * readEveryMs;
/** Catches ended tokens in handshakes that the store does not answer, or answered just before; about 10 MB at most. */
const rememberedEnds = 100_000;

type KnownEndsOptions = { store: TokenEnds; clock: Clock; logger: Logger };

/** The ends of tokens that this replica knows of; it reads new ones from the store every second. */
export class KnownEnds {
  private readonly listeners = new Set<(end: TokenEnd) => void>();
  /** The last end of each visitor and device, by `endKey`. */
  private readonly generations = boundedMap<string, number>(rememberedEnds);
  private readonly stopReading: () => void;
  private lastEnd = 0;
  /** When the last answered reading began, in milliseconds since 1970. */
  private readAt: number;
  private reading: Promise<void> | undefined;
  private readonly state = new ReachState(true);

  constructor(private readonly options: KnownEndsOptions) {
    this.readAt = options.clock.now();
    this.stopReading = options.clock.every(readEveryMs, () => {
      this.readNew().catch((error) => {
        options.logger.debug({ err: error }, "could not read ended tokens; trying again");
        if (this.isStale) this.state.set(false);
      });
    });
  }

  /** Unreachable while the store's answers fail, and no session counts because of that. */
  get reach(): Reach {
    return this.state;
  }

  /**
   * Calls the listener when a visitor's tokens of older generations were ended, or those of one device. Returns its
   * unsubscribe.
   */
  onEnd(listener: (end: TokenEnd) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  announce(end: TokenEnd): void {
    this.generations.set(endKey(end), end.generation);
    for (const listener of this.listeners) listener(end);
  }

  /** True when this replica already knows that the session was ended; does not ask the store. */
  isEnded({ visitor, generation, device }: Session): boolean {
    const keys = [endKey({ visitor }), ...(device === undefined ? [] : [endKey({ visitor, device })])];
    return keys.some((key) => generation < (this.generations.get(key) ?? 0));
  }

  /** Reads the ends from the store when none were read lately. Throws as the store does. */
  async readIfStale(): Promise<void> {
    if (!this.isStale) return;
    // A reading that is under way may have begun while the store was away, and fail although it is back.
    await this.reading?.catch(() => undefined);
    if (this.isStale) await this.readNew();
  }

  private get isStale(): boolean {
    return this.options.clock.now() - this.readAt > staleMs;
  }

  close(): void {
    this.stopReading();
  }

  /** Callers share one reading at a time. Throws as the store does. */
  private readNew(): Promise<void> {
    this.reading ??= this.readAll().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  /** Reads on from the last known end, so that none is missed however long the store was away. */
  private async readAll(): Promise<void> {
    const beganAt = this.options.clock.now();
    for (let isMore = true; isMore; ) {
      const ends = await this.options.store.after(this.lastEnd);
      for (const end of ends) this.announce(end);
      this.lastEnd = ends.at(-1)?.generation ?? this.lastEnd;
      isMore = ends.length === endsPage;
    }
    this.readAt = beganAt;
    this.state.set(true);
  }
}
