import { once } from "node:events";
import type { createServer } from "node:net";
import { WebSocket, WebSocketServer } from "ws";
import { encodeFrame } from "../../server/gateway/wire-frame";
import { expect, test } from "../support/plain-test";

/** A WebSocket client, and the server's raw end of its connection. */
async function linked() {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  const { port } = server.address() as ReturnType<ReturnType<typeof createServer>["address"]> & {
    port: number;
  };
  const client = new WebSocket(`ws://127.0.0.1:${port}`);
  const [accepted] = (await once(server, "connection")) as [{ _socket: { write(bytes: Buffer): void } }];
  await once(client, "open");
  return { client, write: (bytes: Buffer) => accepted._socket.write(bytes), close: () => server.close() };
}

for (const length of [0, 60, 97, 98, 99, 65_400, 65_509, 65_510, 70_000])
  test(`a WebSocket client reads a frame whose text has ${length} letters`, async () => {
    const { client, write, close } = await linked();
    const text = "é".repeat(length);
    write(encodeFrame("feed:appended", JSON.stringify({ text })));
    const [data] = await once(client, "message");
    expect(String(data)).toBe(`42["feed:appended",{"text":"${text}"}]`);
    client.terminate();
    close();
  });
