import { z } from "zod";
import { locales } from "../../protocol/locales";
import { parse } from "./parse";

const hexadecimal = z.string().regex(/^[0-9a-f]{1,128}$/);
const whole = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
/** Strict enough for our own challenges: one with another shape or an extra field was not signed by us. */
const challenge = z.object({
  parameters: z.object({
    algorithm: z.string().max(32),
    cost: whole,
    expiresAt: whole,
    keyLength: whole,
    keyPrefix: hexadecimal,
    keySignature: hexadecimal,
    nonce: hexadecimal,
    salt: hexadecimal,
  }),
  signature: hexadecimal,
});

const handshake = z.object({
  protocol: z.literal(1),
  token: z.string().nullish(),
  locale: z.enum(locales).optional(),
  proof: z
    .object({ challenge, solution: z.object({ counter: whole.max(0xffff_ffff), derivedKey: hexadecimal }) })
    .optional(),
});

/** What a client sends when it connects. Throws ChatError("bad_request"). */
export const parseHandshake = (auth: unknown) => parse(handshake, auth);
