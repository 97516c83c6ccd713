import { tlsAdvice } from "./tls-advice";

/** The words are those of Redis and of ioredis; the first that fits counts. */
const advices: readonly [fault: RegExp, advice: string][] = [
  [
    /^SELECT .*\b(?:DB index|out of range|not allowed)\b/,
    "REDIS_URL names a database that the store does not have",
  ],
  [/\bWRONGPASS\b|invalid password/, "it refuses the login: check the user and the password in REDIS_URL"],
  [/\bNOAUTH\b/, "it wants a password: write it into REDIS_URL, as redis://user:password@host:6379"],
  [
    /\bNOPERM\b/,
    "its user lacks a right: compare its ACL with the line in docs/operations.md (Redis, Permissions)",
  ],
  [/^Protocol error, got /, "what answers there is no Redis: check the host and port"],
];

/** Advice for an operator about a connection to the store that fails for this reason; undefined when there is none. */
export const connectionAdvice = (reason: string): string | undefined =>
  advices.find(([fault]) => fault.test(reason))?.[1] ?? tlsAdvice(reason);

/** What the log says of a connection that fails for this reason. */
export function connectionFailed(reason: string): string {
  const advice = connectionAdvice(reason);
  return ["store connection failed", ...(advice ? [advice] : [])].join(": ");
}
