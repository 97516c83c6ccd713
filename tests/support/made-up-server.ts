import { createServer } from "node:http";
import { Server, type Socket } from "socket.io";
import type { JoinAnswer } from "../../protocol/events";
import { freePort } from "./ports";

type Reply = (answer: object) => void;
/**
 * Answers one command of one connection, at once or later; a command without an entry is refused, as by every replica.
 */
export type Answers = Record<
  string,
  (input: Record<string, unknown>, socket: Socket) => object | Promise<object>
>;

export const self = { id: "visitor-1", name: "Made Up" };

/** An answer to `room:join`, for a room without messages. */
export const emptyRoom = (id: string): JoinAnswer => ({
  room: { id, title: id, kind: "public", createdAt: 0, closed: false },
  self,
  members: [self],
  memberCount: 1,
  presenceSeq: 0,
  entries: [],
  cursor: { epoch: "e", seq: 0 },
});

/** A server that speaks the protocol, and sends things that no replica sends, or not yet. */
export async function startMadeUpServer(answers: Answers): Promise<{ url: string; stop(): Promise<void> }> {
  const http = createServer();
  const server = new Server(http, { path: "/socket.io", addTrailingSlash: false, transports: ["websocket"] });
  server.on("connection", (socket) => {
    socket.emit("session:started", { visitor: { id: self.id }, token: "made-up" });
    socket.onAny(async (command: string, input: Record<string, unknown>, reply: Reply) => {
      const answer = await answers[command]?.(input, socket);
      if (answer) reply({ ok: true, ...answer });
      else {
        const message = "There is no such command.";
        reply({ ok: false, error: { code: "bad_request", message, retryable: false } });
      }
    });
  });
  const port = await freePort();
  await new Promise<void>((resolve) => http.listen(port, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${port}`, stop: async () => void (await server.close()) };
}
