import { randomBytes } from "node:crypto";
import http from "node:http";
import type { Duplex } from "node:stream";

/**
 * Asks for a WebSocket by hand, and resolves with the status of the answer: 101 or a refusal. "closed" when the server
 * closes without an answer, "silence" when no answer comes in time. `hold` may keep the opened socket.
 */
export function upgrade(
  url: string,
  headers: Record<string, string> = {},
  { timeoutMs = 20_000, hold = (socket: Duplex): unknown => socket.destroy() } = {},
): Promise<number | "closed" | "silence"> {
  return new Promise((resolve) => {
    const request = http.request(`${url}/socket.io?EIO=4&transport=websocket`, {
      headers: {
        connection: "Upgrade",
        upgrade: "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": randomBytes(16).toString("base64"),
        ...headers,
      },
    });
    const finish = (result: number | "closed" | "silence") => {
      clearTimeout(timer);
      if (result !== 101) request.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => finish("silence"), timeoutMs);
    request.once("upgrade", (_answer, socket) => {
      hold(socket);
      finish(101);
    });
    request.once("response", (answer) => finish(answer.statusCode ?? 0));
    request.once("error", () => finish("closed"));
    request.end();
  });
}
