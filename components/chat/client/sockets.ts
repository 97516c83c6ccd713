import type { OpenSocket } from "./environment";

/**
 * A chunk of its own, so that pages without a chat do not load it. The link does the reconnecting, because it must know
 * when.
 */
export async function loadSockets(): Promise<OpenSocket> {
  const { Manager } = await import("socket.io-client");
  return (handshake) =>
    new Manager({
      path: "/socket.io",
      addTrailingSlash: false,
      transports: ["websocket"],
      timeout: 5_000,
      reconnection: false,
    }).socket("/", { auth: (give) => give(handshake()) });
}
