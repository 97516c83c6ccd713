/**
 * Replaces Engine.IO's transports in the browser's bundle (next.config.js) with one: a WebSocket that carries text, to
 * the page's own server.
 */
import { Emitter } from "./emitter";
import { decodePacket, encodePacket } from "./engine-frames";

type Options = { path: string; query: Record<string, string> };
type Frame = Parameters<typeof encodePacket>[0];

class WebSocketTransport extends Emitter {
  readonly name = "websocket";
  writable = false;
  readonly query: Options["query"];
  private readonly path: string;
  private socket: WebSocket | undefined;

  constructor({ path, query }: Options) {
    super();
    this.path = path;
    this.query = query;
  }

  open(): void {
    const server = location.origin.replace("http", "ws");
    const socket = new WebSocket(`${server}${this.path}?${new URLSearchParams(this.query)}`);
    socket.onopen = () => {
      this.writable = true;
    };
    socket.onmessage = ({ data }) => this.emitReserved("packet", decodePacket(data));
    socket.onclose = () => this.emitReserved("close");
    socket.onerror = () => this.emitReserved("error", new Error("websocket error"));
    this.socket = socket;
  }

  send(frames: readonly Frame[]): void {
    this.writable = false;
    for (const frame of frames) encodePacket(frame, true, (text) => this.socket?.send(text));
    queueMicrotask(() => {
      this.writable = true;
      this.emitReserved("drain");
    });
  }

  close(): void {
    this.socket?.close();
    this.socket = undefined;
  }
}

export const transports = { websocket: WebSocketTransport };
