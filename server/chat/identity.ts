import { jwtVerify, SignJWT } from "jose";
import { nanoid } from "nanoid";
import type { VisitorId } from "../../protocol/events";
import type { Session } from "../directory/accounts";
import { ChatError } from "./errors";

/** ID-1: how long a visitor can stay away and still return as itself. */
export const tokenDays = 30;

const algorithm = "HS256";
const issuer = "madang";
/** A token made for anything else carries another audience, and is refused here. */
const audience = "madang:session";

/** `since`: when it first came, in milliseconds since 1970; unknown for some that came long ago. */
export type Visitor = { id: VisitorId; since?: number };

/** Signs and verifies visitors: the id is public, the token proves it. */
export class Identity {
  constructor(private readonly keys: readonly Uint8Array[]) {
    if (keys.length === 0) throw new Error("Identity needs at least one key");
  }

  createVisitor(): Visitor {
    return { id: nanoid(16) };
  }

  async sign({ visitor, generation, since }: Session): Promise<string> {
    const [key] = this.keys;
    if (key === undefined) throw new Error("Identity needs at least one key");
    return new SignJWT({ gen: generation, ...(since !== undefined && { since }) })
      .setProtectedHeader({ alg: algorithm })
      .setSubject(visitor)
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime(`${tokenDays}d`)
      .sign(key);
  }

  /**
   * Throws ChatError("invalid_token") for a token that is forged, expired or made for another use. Whether it has been ended
   * is not in it: `Sessions` knows.
   */
  async verify(token: string): Promise<Session> {
    for (const key of this.keys) {
      const verified = await jwtVerify(token, key, {
        algorithms: [algorithm],
        issuer,
        audience,
        requiredClaims: ["sub", "exp"],
      }).catch(() => undefined);
      const { sub, gen, since } = verified?.payload ?? {};
      if (sub !== undefined && isWhole(gen))
        return { visitor: sub, generation: gen, ...(isWhole(since) && { since }) };
    }
    throw new ChatError("invalid_token");
  }
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
