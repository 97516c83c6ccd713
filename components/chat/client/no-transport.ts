/**
 * Replaces Engine.IO's transports other than WebSocket in the bundle: our servers do not answer them (W-1,
 * next.config.js).
 */
export const Fetch = undefined;
export const XHR = undefined;
export const WT = undefined;
