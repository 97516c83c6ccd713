import { rawSocketOf } from "./raw-socket";
import type { ChatSocket } from "./socket-types";

/** WebSocket close codes of a tab that closed, left, or hung up by itself (N-2). */
const closedByClient = new Set([1000, 1001, 1005]);

/**
 * Whether the browser closed a connection that has ended. Engine.IO hides the close code, and in a busy room it may report
 * the end (a failed write) before the raw socket's own "close" event. The raw socket knows the code as soon as the close
 * frame arrives.
 */
export function wasClosedByClient(socket: ChatSocket): boolean {
  const raw = rawSocketOf(socket);
  return raw?._closeFrameReceived === true && closedByClient.has(raw._closeCode ?? 0);
}
