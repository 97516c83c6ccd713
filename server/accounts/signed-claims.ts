import { createHmac, type KeyObject, timingSafeEqual } from "node:crypto";

export type Claims = Readonly<Record<string, unknown>>;

const algorithm = "HS256";
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const header = encode({ alg: algorithm });

/** A JSON Web Token (RFC 7519), signed with HMAC-SHA-256. */
export function signClaims(claims: Claims, key: KeyObject): string {
  const signed = `${header}.${encode(claims)}`;
  return `${signed}.${signatureOf(signed, key)}`;
}

/** What a token of that key claims; undefined for any other text. Does not judge the claims. */
export function readClaims(token: string, key: KeyObject): Claims | undefined {
  const [head = "", body = "", signature = "", ...more] = token.split(".");
  if (more.length > 0 || !isSame(signature, signatureOf(`${head}.${body}`, key))) return undefined;
  const { alg, crit } = decode(head) ?? {};
  return alg === algorithm && crit === undefined ? decode(body) : undefined;
}

/** In this thread: WebCrypto takes one of its own, and ten times as long. */
const signatureOf = (signed: string, key: KeyObject): string =>
  createHmac("sha256", key).update(signed).digest("base64url");

function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function decode(part: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Claims)
      : undefined;
  } catch {
    return undefined;
  }
}
