import { LRUCache } from "lru-cache";
import { ChatError } from "../errors";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import { type AccountStore, endsPage } from "./account-store";
import type { Identity, TokenSession } from "./identity";
import { endKey, type Session } from "./session";

/** How often a replica asks for tokens ended on other replicas. */
const lookMs = 1_000;
/** A replica without an answer for this long may have missed an end: it was cut off from the store, or suspended. */
const staleMs = 3 * lookMs;
/** Catches ended tokens in handshakes that the store does not answer, or answered just before; about 10 MB at most. */
const rememberedEnds = 100_000;
/** How often the store is told that an account's device is in use. */
const notingMs = 3_600_000;

/**
 * `token` is the one to use from now on. `isConfirmed` is false while the store has not said whether the token was
 * ended.
 */
export type OpenSession = TokenSession & { token: string; isConfirmed: boolean };

type SessionsOptions = { identity: Identity; accounts: AccountStore; clock: Clock; logger: Logger };

/**
 * Opens sessions by token and tells which tokens have been ended (ID-1). While the store is away a valid token is let
 * in, and may do nothing until the store has confirmed it: docs/decisions/014-accounts.md.
 */
export class Sessions {
  private readonly listeners = new Set<(end: Session) => void>();
  /** By `endKey`. */
  private readonly recentEnds = new LRUCache<string, number>({ max: rememberedEnds });
  private readonly stopLooking: () => void;
  private lastEnd = 0;
  /** When the last answered look began, in milliseconds since 1970. */
  private lookedAt: number;
  private looking: Promise<void> | undefined;

  constructor(private readonly options: SessionsOptions) {
    this.lookedAt = options.clock.now();
    this.stopLooking = options.clock.every(lookMs, () => {
      this.look().catch((error) => {
        options.logger.debug({ err: error }, "could not read ended tokens; trying again");
      });
    });
  }

  /**
   * Without a token it makes a new visitor; `deviceName` is for the list of an account's devices. Throws
   * ChatError("invalid_token").
   */
  async open(token: string | undefined, deviceName = ""): Promise<OpenSession> {
    if (token === undefined) return { ...(await this.create()), isConfirmed: true };
    const session = await this.options.identity.verify(token);
    const generation = await this.storedGeneration(session);
    if (session.generation < (generation ?? 0) || this.hasEnded(session))
      throw new ChatError("invalid_token");
    // Don't renew: a token that outlives its revocation record would become valid again.
    if (generation === undefined) return { ...session, token, isConfirmed: false };
    return { ...(await this.sign(await this.noted(session, deviceName))), isConfirmed: true };
  }

  /** Reads a token, even one that has been ended. Throws ChatError("invalid_token"), also without a token. */
  async read(token: string | undefined): Promise<TokenSession> {
    if (token === undefined) throw new ChatError("invalid_token", "A visitor’s token is needed.");
    return this.options.identity.verify(token);
  }

  /** Makes a new visitor. */
  create(): Promise<TokenSession & { token: string }> {
    const { identity, clock } = this.options;
    const now = clock.now();
    return this.sign({ visitor: identity.createVisitor().id, generation: 0, since: now, notedAt: now });
  }

  /** Signs a token, for a new device if the session has none. */
  async sign(session: TokenSession): Promise<TokenSession & { token: string }> {
    const signed = { ...session, device: session.device ?? this.options.identity.createDevice() };
    return { ...signed, token: await this.options.identity.sign(signed) };
  }

  /** Signs a device's first token; if the visitor has an account, its list has the device from then on. */
  async signDevice(
    { visitor, generation, since, device = this.options.identity.createDevice() }: Session,
    seen: { name: string; isProven: boolean },
  ): Promise<TokenSession & { token: string }> {
    const now = this.options.clock.now();
    const session: Session = { visitor, generation, device, ...(since !== undefined && { since }) };
    const hasAccount = await this.note(session, seen);
    return this.sign({ ...session, notedAt: now, ...(hasAccount && { accountSince: now }) });
  }

  /**
   * Asks the store about an unconfirmed session, and for all ends when none were read lately. Throws
   * ChatError("invalid_token"), or as the store does.
   */
  async confirm(session: OpenSession): Promise<void> {
    if (this.options.clock.now() - this.lookedAt > staleMs) await this.look();
    if (this.hasEnded(session)) throw new ChatError("invalid_token");
    if (session.isConfirmed) return;
    const { visitor, device } = session;
    const generation = await this.options.accounts.generationOf(visitor, device);
    if (session.generation < generation) {
      this.tell({ visitor, generation, ...(device !== undefined && { device }) });
      throw new ChatError("invalid_token");
    }
    session.isConfirmed = true;
  }

  /**
   * Ends all tokens of that visitor by a step of the store. Other replicas know within a few seconds, this one on
   * `tell`. Returns the session of the next generation. Throws ChatError("invalid_token"), or as that step does.
   */
  async end(session: Session, step: "end" | "remove" | "forget" = "end"): Promise<Session> {
    const { visitor, since } = session;
    const generation = await this.options.accounts[step](session);
    return { visitor, generation, ...(since !== undefined && { since }) };
  }

  /** Like `end`, for the tokens of one device. */
  async endDevice(session: Session, device: string): Promise<Session> {
    const generation = await this.options.accounts.endDevice(session, device);
    return { visitor: session.visitor, generation, device };
  }

  /**
   * Asks the store whether the session's tokens have been ended. Throws ChatError("invalid_token"), or as the store
   * does.
   */
  async check({ visitor, generation, device }: Session): Promise<void> {
    if (generation < (await this.options.accounts.generationOf(visitor, device)))
      throw new ChatError("invalid_token");
  }

  /**
   * Calls the listener when a visitor's tokens of older generations were ended, or those of one device. Returns its
   * unsubscribe.
   */
  onEnded(listener: (end: Session) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell(end: Session): void {
    this.recentEnds.set(endKey(end), end.generation);
    for (const listener of this.listeners) listener(end);
  }

  /** True when this replica already knows that the session was ended; does not ask the store. */
  hasEnded({ visitor, generation, device }: Session): boolean {
    const keys = [endKey({ visitor }), ...(device === undefined ? [] : [endKey({ visitor, device })])];
    return keys.some((key) => generation < (this.recentEnds.get(key) ?? 0));
  }

  close(): void {
    this.stopLooking();
  }

  /** Tells the store of the device at most every `notingMs`, so that an account's list says when it was last in use. */
  private async noted(session: TokenSession, name: string): Promise<TokenSession> {
    const now = this.options.clock.now();
    if (session.device !== undefined && now - (session.notedAt ?? 0) < notingMs) return session;
    const device = session.device ?? this.options.identity.createDevice();
    const hasAccount = await this.note({ ...session, device }, { name, isProven: false });
    if (hasAccount === undefined) return { ...session, device };
    const { accountSince = now, ...rest } = session;
    return { ...rest, device, notedAt: now, ...(hasAccount && { accountSince }) };
  }

  /** Returns whether the visitor has an account; undefined when the store does not answer. */
  private async note(
    session: Session,
    seen: { name: string; isProven: boolean },
  ): Promise<boolean | undefined> {
    try {
      return await this.options.accounts.noteDevice(session, seen);
    } catch (error) {
      this.options.logger.debug({ err: error }, "could not record a device");
      return undefined;
    }
  }

  private async storedGeneration({ visitor, device }: Session): Promise<number | undefined> {
    try {
      return await this.options.accounts.generationOf(visitor, device);
    } catch (error) {
      this.options.logger.debug({ err: error }, "let a token in without the store's confirmation");
      return undefined;
    }
  }

  /** Callers share one look at a time. Throws as the store does. */
  private look(): Promise<void> {
    this.looking ??= this.readEnds().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  /** Reads on from the last known end, so that none is missed however long the store was away. */
  private async readEnds(): Promise<void> {
    const beganAt = this.options.clock.now();
    for (let isMore = true; isMore; ) {
      const ends = await this.options.accounts.endsAfter(this.lastEnd);
      for (const end of ends) this.tell(end);
      this.lastEnd = ends.at(-1)?.generation ?? this.lastEnd;
      isMore = ends.length === endsPage;
    }
    this.lookedAt = beganAt;
  }
}
