import { createSecretKey, type KeyObject } from "node:crypto";
import { nanoid } from "nanoid";
import type { VisitorId } from "../../protocol/events";
import { tokenDays } from "../../protocol/limits";
import { ChatError } from "../errors";
import type { DeviceId, Session } from "./session";
import { type Claims, readClaims, signClaims } from "./signed-claims";

/** How long tokens follow one another on a device of an account; then the password is needed again. */
export const accountDays = 180;
/** How long a browser that logged in is recognized, independent of its tokens. */
const markDays = 400;

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
  private readonly keys: readonly KeyObject[];

  constructor(keys: readonly Uint8Array[]) {
    if (keys.length === 0) throw new Error("Identity needs at least one key");
    this.keys = keys.map((key) => createSecretKey(key));
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
    return this.signAs(claims, audience, visitor, end);
  }

  async signMark(visitor: VisitorId): Promise<string> {
    return this.signAs({ jti: nanoid(12) }, markAudience, visitor, Date.now() + markDays * dayMs);
  }

  /** Undefined for an invalid or expired mark. */
  async readMark(mark: string | undefined): Promise<DeviceMark | undefined> {
    const read = mark === undefined ? undefined : this.read(mark, markAudience);
    if (read === undefined || typeof read.claims.jti !== "string") return undefined;
    return { id: read.claims.jti, visitor: read.claims.sub };
  }

  /**
   * Throws ChatError("invalid_token") for a token that is forged, expired or made for another use. It cannot tell
   * whether the token has been ended: `Sessions` does.
   */
  async verify(token: string): Promise<TokenSession> {
    const read = this.read(token, audience);
    if (read === undefined) throw new ChatError("invalid_token");
    const { claims, isFirstKey } = read;
    const { sub, gen, since, dev, acc, seen, exp } = claims;
    if (!isMoment(gen)) throw new ChatError("invalid_token");
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

  private signAs(claims: Claims, madeFor: string, visitor: VisitorId, endMs: number): string {
    const [key] = this.keys;
    if (key === undefined) throw new Error("Identity needs at least one key");
    const [iat, exp] = [Date.now(), endMs].map((ms) => Math.floor(ms / 1_000));
    return signClaims({ ...claims, sub: visitor, iss: issuer, aud: madeFor, iat, exp }, key);
  }

  private read(
    token: string,
    madeFor: string,
  ): { claims: Claims & { sub: VisitorId; exp: number }; isFirstKey: boolean } | undefined {
    for (const [index, key] of this.keys.entries()) {
      const claims = readClaims(token, key);
      if (claims === undefined) continue;
      const { sub, iss, aud, exp } = claims;
      const isGood = iss === issuer && aud === madeFor && typeof exp === "number" && exp * 1_000 > Date.now();
      return isGood && typeof sub === "string"
        ? { claims: { ...claims, sub, exp }, isFirstKey: index === 0 }
        : undefined;
    }
    return undefined;
  }
}

const isMoment = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
