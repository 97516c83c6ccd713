import { type JWTPayload, jwtVerify, SignJWT } from "jose";
import { nanoid } from "nanoid";
import type { VisitorId } from "../../protocol/events";
import { tokenDays } from "../../protocol/limits";
import { ChatError } from "../errors";
import type { DeviceId, Session } from "./session";

/** How long tokens follow one another on a device of an account; then the password is needed again. */
export const accountDays = 180;
/** How long a browser that logged in is recognized, independent of its tokens. */
const markDays = 400;

const algorithm = "HS256";
const issuer = "madang";
/** A token made for anything else carries another audience, and is refused here. */
const audience = "madang:session";
const markAudience = "madang:device";

const dayMs = 86_400_000;

/** `since`: when it first came, in milliseconds since 1970; unknown for some that came long ago. */
export type Visitor = { id: VisitorId; since?: number };

/**
 * Moments in milliseconds since 1970. `accountSince`: since when tokens follow one another on a device of an account.
 * `notedAt`: when the store last heard of the device.
 */
export type TokenSession = Session & { accountSince?: number; notedAt?: number };

/** Marks a browser that has logged in as this visitor. */
export type DeviceMark = { id: string; visitor: VisitorId };

/** Signs and verifies visitors: the id is public, the token proves it. */
export class Identity {
  constructor(private readonly keys: readonly Uint8Array[]) {
    if (keys.length === 0) throw new Error("Identity needs at least one key");
  }

  createVisitor(): Visitor {
    return { id: nanoid(16) };
  }

  createDevice(): DeviceId {
    return nanoid(12);
  }

  async sign(session: TokenSession): Promise<string> {
    const { visitor, generation, since, device, accountSince, notedAt } = session;
    const claims = { gen: generation, since, dev: device, acc: accountSince, seen: notedAt };
    const days = Date.now() + tokenDays * dayMs;
    const end = Math.min(days, accountSince === undefined ? days : accountSince + accountDays * dayMs);
    return this.signAs(new SignJWT(claims), audience, visitor, end);
  }

  async signMark(visitor: VisitorId): Promise<string> {
    return this.signAs(
      new SignJWT().setJti(nanoid(12)),
      markAudience,
      visitor,
      Date.now() + markDays * dayMs,
    );
  }

  /** Undefined for an invalid or expired mark. */
  async readMark(mark: string | undefined): Promise<DeviceMark | undefined> {
    if (mark === undefined) return undefined;
    const { sub, jti } = (await this.read(mark, markAudience)) ?? {};
    return sub === undefined || jti === undefined ? undefined : { id: jti, visitor: sub };
  }

  /**
   * Throws ChatError("invalid_token") for a token that is forged, expired or made for another use. It cannot tell
   * whether the token has been ended: `Sessions` does.
   */
  async verify(token: string): Promise<TokenSession> {
    const { sub, gen, since, dev, acc, seen } = (await this.read(token, audience)) ?? {};
    if (sub === undefined || !isMoment(gen)) throw new ChatError("invalid_token");
    return {
      visitor: sub,
      generation: gen,
      ...(isMoment(since) && { since }),
      ...(typeof dev === "string" && { device: dev }),
      ...(isMoment(acc) && { accountSince: acc }),
      ...(isMoment(seen) && { notedAt: seen }),
    };
  }

  private signAs(token: SignJWT, madeFor: string, visitor: VisitorId, endMs: number): Promise<string> {
    const [key] = this.keys;
    if (key === undefined) throw new Error("Identity needs at least one key");
    return token
      .setProtectedHeader({ alg: algorithm })
      .setSubject(visitor)
      .setIssuer(issuer)
      .setAudience(madeFor)
      .setIssuedAt()
      .setExpirationTime(Math.floor(endMs / 1_000))
      .sign(key);
  }

  private async read(token: string, madeFor: string): Promise<JWTPayload | undefined> {
    const rules = { algorithms: [algorithm], issuer, audience: madeFor, requiredClaims: ["sub", "exp"] };
    for (const key of this.keys) {
      const verified = await jwtVerify(token, key, rules).catch(() => undefined);
      if (verified !== undefined) return verified.payload;
    }
    return undefined;
  }
}

const isMoment = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
