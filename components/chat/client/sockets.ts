import type { OpenSocket } from "./world";

/** Its own chunk, so that no other page carries it. Retrying is the link's business, which must know when. */
export async function loadSockets(): Promise<OpenSocket> {
  const { io } = await import("socket.io-client");
  return (handshake) =>
    io({
      path: "/socket.io",
      addTrailingSlash: false,
      transports: ["websocket"],
      timeout: 5_000,
      reconnection: false,
      forceNew: true,
      auth: (give) => give(handshake()),
    });
}
