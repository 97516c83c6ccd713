import { WebSocket } from "ws";
import { jsonOf, reasonOf } from "./answers";

const answerMs = 10_000;
/** The WebSocket ended without a closing frame (RFC 6455, 7.1.5). */
const cutCode = 1006;
/** The reason when the connection is cut before the visitor is let in. */
export const connectionEnded = "the connection ended";

/** `open`: with the server's first frame. `refused`: with the HTTP status of its answer. */
export type Opened =
  | { is: "open"; link: ChatLink; first: string }
  | { is: "refused"; status: number }
  | { is: "failed"; reason: string };

/** A WebSocket to the chat that speaks the part of Socket.IO that the doctor needs. */
export class ChatLink {
  /** Resolves when the link ends. `closed`: with a closing frame. `cut`: without one, as when a proxy cuts it. */
  readonly ended: Promise<"closed" | "cut">;
  private readonly listeners = new Set<(name: string, body: unknown, ack?: number) => void>();
  private acks = 0;

  constructor(private readonly socket: WebSocket) {
    this.ended = new Promise((resolve) =>
      socket.once("close", (code) => resolve(code === cutCode ? "cut" : "closed")),
    );
    socket.on("message", (message) => this.take(String(message)));
  }

  /** Becomes a visitor. Resolves with the reason if that fails, otherwise with undefined. */
  enter(): Promise<string | undefined> {
    this.socket.send('40{"protocol":1}');
    return new Promise((resolve) => {
      setTimeout(() => resolve("no answer came"), answerMs).unref();
      const listen = (name: string, body: unknown) => {
        if (name !== "entered" && name !== "refused") return;
        this.listeners.delete(listen);
        resolve(name === "entered" ? undefined : (JSON.stringify(body) ?? "without a reason"));
      };
      this.listeners.add(listen);
      void this.ended.then(() => resolve(connectionEnded));
    });
  }

  ask(name: string, input: object): Promise<unknown> {
    const id = this.acks++;
    this.socket.send(`42${id}${JSON.stringify([name, input])}`);
    return this.next((_name, _body, ack) => ack === id);
  }

  /** Resolves with the body of the next event that fits. */
  next(fits: (name: string, body: unknown, ack?: number) => boolean): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("no answer came")), answerMs);
      const listen = (name: string, body: unknown, ack?: number) => {
        if (!fits(name, body, ack)) return;
        clearTimeout(timer);
        this.listeners.delete(listen);
        resolve(body);
      };
      this.listeners.add(listen);
    });
  }

  close(): void {
    this.socket.terminate();
  }

  private take(text: string): void {
    if (text === "2") this.socket.send("3");
    const [, type, id, json] = /^4([0234])(\d*)(.*)$/s.exec(text) ?? [];
    if (type === undefined || json === undefined) return;
    const body = jsonOf(json);
    if (type === "0") this.tell("entered", body);
    if (type === "4") this.tell("refused", body);
    if (!Array.isArray(body)) return;
    if (type === "2") this.tell(String(body[0]), body[1]);
    if (type === "3") this.tell("answered", body[0], Number(id));
  }

  private tell(name: string, body: unknown, ack?: number): void {
    for (const listen of [...this.listeners]) listen(name, body, ack);
  }
}

export function openChat(site: URL, origin: string): Promise<Opened> {
  const url = new URL("/socket.io/?EIO=4&transport=websocket", site);
  url.protocol = site.protocol.replace("http", "ws");
  const socket = new WebSocket(url, { origin, handshakeTimeout: answerMs, followRedirects: false });
  const link = new ChatLink(socket);
  return new Promise((resolve) => {
    socket.once("message", (first) => resolve({ is: "open", link, first: String(first) }));
    socket.once("unexpected-response", (request, { statusCode = 0 }) => {
      request.destroy();
      resolve({ is: "refused", status: statusCode });
    });
    // More than once: also when it breaks off after it was opened.
    socket.on("error", (error) => resolve({ is: "failed", reason: reasonOf(error) }));
    socket.once("close", () => resolve({ is: "failed", reason: "it was closed at once" }));
    setTimeout(() => resolve({ is: "failed", reason: "no answer came" }), answerMs).unref();
  });
}
