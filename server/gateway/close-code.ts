import { rawSocketOf } from "./raw-socket";
import type { ChatSocket } from "./socket-types";

/** WebSocket close codes of a tab that closed, left, or hung up by itself (N-2). */
const closedByClient = new Set([1000, 1001, 1005]);

/**
 * Whether the browser itself said that it goes, to be asked when the connection has ended. Engine.IO hides the close code,
 * and in a busy room it tells of the end (a write that failed) before the raw socket's own "close" event; but the raw
 * socket has known the code since the close frame came.
 */
export function watchCloseCode(socket: ChatSocket): () => boolean {
  const raw = rawSocketOf(socket);
  return () => raw?._closeFrameReceived === true && closedByClient.has(raw._closeCode ?? 0);
}
