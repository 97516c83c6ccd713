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
const hmac = { name: "HMAC", hash: "SHA-256" };
const issuer = "madang";
/** A token made for anything else carries another audience, and is refused here. */
const audience = "madang:session";
const markAudience = "madang:device";

const dayMs = 86_400_000;

/** `since`: when it first came, in milliseconds since 1970; unknown for some that came long ago. */
export type Visitor = { id: VisitorId; since?: number };

/**
 * Moments in milliseconds since 1970. `accountSince`: since when tokens follow one another on a device of an account.
 * `notedAt`: when the store last heard of the device. `isLasting`: its token has more than half of a life left, and is
 * signed with the first key.
 */
export type TokenSession = Session & { accountSince?: number; notedAt?: number; isLasting?: boolean };

/** Marks a browser that has logged in as this visitor. */
export type DeviceMark = { id: string; visitor: VisitorId };

/** Signs and verifies visitors: the id is public, the token proves it. */
export class Identity {
  /** Imported once: signing and verifying take a third less time than with the bytes. */
  private readonly keys: readonly Promise<CryptoKey>[];

  constructor(keys: readonly Uint8Array[]) {
    if (keys.length === 0) throw new Error("Identity needs at least one key");
    this.keys = keys.map((key) =>
      crypto.subtle.importKey("raw", Uint8Array.from(key), hmac, false, ["sign", "verify"]),
    );
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
    const { sub, jti } = (await this.read(mark, markAudience))?.payload ?? {};
    return sub === undefined || jti === undefined ? undefined : { id: jti, visitor: sub };
  }

  /**
   * Throws ChatError("invalid_token") for a token that is forged, expired or made for another use. It cannot tell
   * whether the token has been ended: `Sessions` does.
   */
  async verify(token: string): Promise<TokenSession> {
    const { payload = {}, isFirstKey = false } = (await this.read(token, audience)) ?? {};
    const { sub, gen, since, dev, acc, seen, exp = 0 } = payload;
    if (sub === undefined || !isMoment(gen)) throw new ChatError("invalid_token");
    const isLasting = isFirstKey && exp * 1_000 - Date.now() > (tokenDays * dayMs) / 2;
    return {
      visitor: sub,
      generation: gen,
      ...(isMoment(since) && { since }),
      ...(typeof dev === "string" && { device: dev }),
      ...(isMoment(acc) && { accountSince: acc }),
      ...(isMoment(seen) && { notedAt: seen }),
      ...(isLasting && { isLasting }),
    };
  }

  private async signAs(token: SignJWT, madeFor: string, visitor: VisitorId, endMs: number): Promise<string> {
    const key = await this.keys[0];
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

  private async read(
    token: string,
    madeFor: string,
  ): Promise<{ payload: JWTPayload; isFirstKey: boolean } | undefined> {
    const rules = { algorithms: [algorithm], issuer, audience: madeFor, requiredClaims: ["sub", "exp"] };
    for (const [index, key] of this.keys.entries()) {
      const verified = await jwtVerify(token, await key, rules).catch(() => undefined);
      if (verified !== undefined) return { payload: verified.payload, isFirstKey: index === 0 };
    }
    return undefined;
  }
}

const isMoment = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
