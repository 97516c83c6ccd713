import { LRUCache } from "lru-cache";
import type { VisitorId } from "../../protocol/events";
import { type AccountStore, endsPage, type Session } from "../directory/accounts";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import { ChatError } from "./errors";
import type { Identity } from "./identity";

/** How soon a replica hears that tokens were ended on another one. */
const lookMs = 1_000;
/** Who has not heard for so long may have missed an end: it was cut off from the store, or asleep. */
const staleMs = 3 * lookMs;
/** For handshakes that the store does not answer, or that it answered just before: about 10 MB at most. */
const rememberedEnds = 100_000;

/** `token` is the one to use from now on. Unconfirmed: the store did not say whether the token has been ended. */
export type OpenSession = Session & { token: string; isConfirmed: boolean };

type World = { identity: Identity; accounts: AccountStore; clock: Clock; logger: Logger };

/**
 * Who comes with which token, and whose tokens have been ended (ID-1). While the store is away a good token is let in, and
 * may do nothing until the store has confirmed it: docs/decisions/014-accounts.md.
 */
export class Sessions {
  private readonly listeners = new Set<(end: Session) => void>();
  private readonly recentEnds = new LRUCache<VisitorId, number>({ max: rememberedEnds });
  private readonly stopLooking: () => void;
  private lastEnd = 0;
  /** When the last look that was answered began; in milliseconds since 1970. */
  private lookedAt: number;
  private looking: Promise<void> | undefined;

  constructor(private readonly world: World) {
    this.lookedAt = world.clock.now();
    this.stopLooking = world.clock.every(lookMs, () => {
      this.look().catch((error) => {
        world.logger.debug({ err: error }, "cannot hear of ended tokens; trying again");
      });
    });
  }

  /** Without a token a new visitor's. Throws ChatError("invalid_token"). */
  async open(token: string | undefined): Promise<OpenSession> {
    if (token === undefined) return { ...(await this.create()), isConfirmed: true };
    const session = await this.world.identity.verify(token);
    const generation = await this.storedGeneration(session.visitor);
    if (session.generation < (generation ?? 0) || this.hasEnded(session))
      throw new ChatError("invalid_token");
    // It is not renewed: one that lives longer than its end is remembered would be good again.
    if (generation === undefined) return { ...session, token, isConfirmed: false };
    return { ...(await this.sign(session)), isConfirmed: true };
  }

  /** Who a token names, whether or not it has been ended since. Throws ChatError("invalid_token"), also without one. */
  async read(token: string | undefined): Promise<Session> {
    if (token === undefined) throw new ChatError("invalid_token", "A visitor's token is needed.");
    return this.world.identity.verify(token);
  }

  /** A visitor that nobody has been before. */
  create(): Promise<Session & { token: string }> {
    const { identity, clock } = this.world;
    return this.sign({ visitor: identity.createVisitor().id, generation: 0, since: clock.now() });
  }

  async sign(session: Session): Promise<Session & { token: string }> {
    return { ...session, token: await this.world.identity.sign(session) };
  }

  /**
   * Asks once more for an unconfirmed one, and for all when nothing was heard lately. Throws ChatError("invalid_token"), or as
   * the store does.
   */
  async confirm(session: OpenSession): Promise<void> {
    if (this.world.clock.now() - this.lookedAt > staleMs) await this.look();
    if (this.hasEnded(session)) throw new ChatError("invalid_token");
    if (session.isConfirmed) return;
    const generation = await this.world.accounts.generationOf(session.visitor);
    if (session.generation < generation) {
      this.tell({ visitor: session.visitor, generation });
      throw new ChatError("invalid_token");
    }
    session.isConfirmed = true;
  }

  /**
   * Ends all tokens of that visitor by a step of the store; it is known on every replica within a few seconds, and here when
   * it is told. Returns the session that follows. Throws ChatError("invalid_token"), or as that step does.
   */
  async end(session: Session, step: "end" | "remove" | "forget" = "end"): Promise<Session> {
    return { ...session, generation: await this.world.accounts[step](session) };
  }

  /** Asks the store whether its tokens have been ended. Throws ChatError("invalid_token"), or as the store does. */
  async check({ visitor, generation }: Session): Promise<void> {
    if (generation < (await this.world.accounts.generationOf(visitor))) throw new ChatError("invalid_token");
  }

  /** Calls the listener for each visitor whose tokens of an older generation were ended. Returns its unsubscribe. */
  onEnded(listener: (end: Session) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell(end: Session): void {
    this.recentEnds.set(end.visitor, end.generation);
    for (const listener of this.listeners) listener(end);
  }

  /** True when it was ended after its handshake had asked; known without asking. */
  hasEnded({ visitor, generation }: Session): boolean {
    return generation < (this.recentEnds.get(visitor) ?? 0);
  }

  close(): void {
    this.stopLooking();
  }

  private async storedGeneration(visitor: VisitorId): Promise<number | undefined> {
    try {
      return await this.world.accounts.generationOf(visitor);
    } catch (error) {
      this.world.logger.debug({ err: error }, "a token is let in unconfirmed");
      return undefined;
    }
  }

  /** One at a time, whoever wants it. Throws as the store does. */
  private look(): Promise<void> {
    this.looking ??= this.readEnds().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  /** From the last end that is known, so that none is missed, however long the store was away. */
  private async readEnds(): Promise<void> {
    const beganAt = this.world.clock.now();
    for (let isMore = true; isMore; ) {
      const ends = await this.world.accounts.endsAfter(this.lastEnd);
      for (const end of ends) this.tell(end);
      this.lastEnd = ends.at(-1)?.generation ?? this.lastEnd;
      isMore = ends.length === endsPage;
    }
    this.lookedAt = beganAt;
  }
}
