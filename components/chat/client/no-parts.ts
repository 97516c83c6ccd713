/** Replaces files of the socket library that the page does not need in the browser's bundle (next.config.js). */

/** The transports are in engine-transports.ts. */
export const Fetch = undefined;
export const XHR = undefined;
export const WS = undefined;
export const WT = undefined;

/** The page passes no address and no query. */
export const parse = undefined;
export const decode = undefined;
export const encode = undefined;

/** The delays of the library's own reconnecting, which is off: the link retries. */
export class Backoff {
  attempts = 0;
  reset(): void {}
}
