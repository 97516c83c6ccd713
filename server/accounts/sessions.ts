import { ChatError } from "../errors";
import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";
import type { AccountStore } from "./account-store";
import type { Identity, TokenSession } from "./identity";
import { KnownEnds } from "./known-ends";
import type { Session } from "./session";

/** How often the store notes that an account's device is in use. */
const notingMs = 3_600_000;

/**
 * `token` is the one to use from now on. `isConfirmed` is false while the store has not said whether the token was
 * ended.
 */
export type OpenSession = TokenSession & { token: string; isConfirmed: boolean };

/** What a connection keeps of its session. */
export type KeptSession = Session & Pick<OpenSession, "isConfirmed">;

/** Field by field: an object made by spreading another has a shape of its own, four times as large as the object. */
export function keptOf({ visitor, generation, since, device, isConfirmed }: OpenSession): KeptSession {
  const kept: KeptSession = { visitor, generation, isConfirmed };
  if (since !== undefined) kept.since = since;
  if (device !== undefined) kept.device = device;
  return kept;
}

type SessionsOptions = { identity: Identity; accounts: AccountStore; clock: Clock; logger: Logger };

/**
 * Opens sessions by token and tells which tokens have been ended (ID-1). While the store is away a valid token is let
 * in, and may do nothing until the store has confirmed it: docs/decisions/014-accounts.md.
 */
export class Sessions {
  readonly ends: KnownEnds;

  constructor(private readonly options: SessionsOptions) {
    const { accounts, clock, logger } = options;
    this.ends = new KnownEnds({ store: accounts.ends, clock, logger });
  }

  /**
   * Without a token it makes a new visitor; `deviceName` is for the list of an account's devices. A token that lasts is
   * not signed anew. Throws ChatError("invalid_token").
   */
  async open(token: string | undefined, deviceName = ""): Promise<OpenSession> {
    if (token === undefined) return { ...(await this.create()), isConfirmed: true };
    const session = await this.options.identity.verify(token);
    const generation = await this.storedGeneration(session);
    if (session.generation < (generation ?? 0) || this.ends.isEnded(session))
      throw new ChatError("invalid_token");
    // Don't renew: a token that outlives its revocation record would become valid again.
    if (generation === undefined) return { ...session, token, isConfirmed: false };
    const noted = await this.noted(session, deviceName);
    const { isLasting, ...signed } = noted;
    if (noted === session && isLasting) return { ...signed, token, isConfirmed: true };
    return { ...(await this.sign(signed)), isConfirmed: true };
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
  async confirm(session: KeptSession): Promise<void> {
    await this.ends.readIfStale();
    if (this.ends.isEnded(session)) throw new ChatError("invalid_token");
    if (session.isConfirmed) return;
    const { visitor, device } = session;
    const generation = await this.options.accounts.ends.generationOf(visitor, device);
    if (session.generation < generation) {
      this.ends.announce({ visitor, generation, ...(device !== undefined && { device }) });
      throw new ChatError("invalid_token");
    }
    session.isConfirmed = true;
  }

  /**
   * Ends all tokens of that visitor by a step of the store. Other replicas know within a few seconds, this one on
   * `ends.announce`. Returns the session of the next generation. Throws ChatError("invalid_token"), or as that step
   * does.
   */
  async end(session: Session, step: "end" | "remove" | "forget" = "end"): Promise<Session> {
    const { visitor, since } = session;
    const generation = await this.options.accounts[step](session);
    return { visitor, generation, ...(since !== undefined && { since }) };
  }

  /** Like `end`, for the tokens of one device. */
  async endDevice(session: Session, device: string): Promise<Session> {
    const generation = await this.options.accounts.devices.end(session, device);
    return { visitor: session.visitor, generation, device };
  }

  /**
   * Asks the store whether the session's tokens have been ended. Throws ChatError("invalid_token"), or as the store
   * does.
   */
  async check({ visitor, generation, device }: Session): Promise<void> {
    if (generation < (await this.options.accounts.ends.generationOf(visitor, device)))
      throw new ChatError("invalid_token");
  }

  close(): void {
    this.ends.close();
  }

  /** Notes the device in the store at most every `notingMs`, so that an account's list says when it was last in use. */
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
      return await this.options.accounts.devices.note(session, seen);
    } catch (error) {
      this.options.logger.debug({ err: error }, "could not record a device");
      return undefined;
    }
  }

  private async storedGeneration({ visitor, device }: Session): Promise<number | undefined> {
    try {
      return await this.options.accounts.ends.generationOf(visitor, device);
    } catch (error) {
      this.options.logger.debug({ err: error }, "let a token in without the store's confirmation");
      return undefined;
    }
  }
}
