/** Stands in the bundle for what Engine.IO has beside WebSocket, which no server of ours would answer (W-1, next.config.js). */
export const Fetch = undefined;
export const XHR = undefined;
export const WT = undefined;
