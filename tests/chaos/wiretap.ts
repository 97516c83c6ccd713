import { io } from "socket.io-client";
import type { OpenSocket, Socket } from "../../components/chat/client/environment";
import type { Ack } from "../../protocol/events";
import type { CommandName, LogLine } from "./log";

/** An Omit that distributes over a union. */
type Each<T> = T extends unknown ? Omit<T, "at" | "connection"> : never;

/** Never goes back, as the system clock may. */
const now = (): number => performance.timeOrigin + performance.now();

/** Opens a page's sockets, and logs all traffic before the page receives it. */
export class Wiretap {
  readonly lines: LogLine[] = [];
  private connections = 0;
  private asks = 0;

  constructor(private readonly url: string) {}

  /** Uses the page's own options (components/chat/client/chat-client.ts). */
  readonly open: OpenSocket = (handshake): Socket => {
    this.connections += 1;
    const connection = this.connections;
    const write = (line: Each<LogLine>) => this.lines.push({ at: now(), connection, ...line } as LogLine);
    const socket = io(this.url, {
      path: "/socket.io",
      addTrailingSlash: false,
      transports: ["websocket"],
      timeout: 5_000,
      reconnection: false,
      forceNew: true,
      auth: (give) => give(handshake()),
    });
    socket.on("connect", () => write({ is: "opened" }));
    for (const end of ["disconnect", "connect_error"]) socket.on(end, () => write({ is: "ended" }));
    socket.onAny((event: string, body: unknown) => write({ is: "heard", event, body }));
    return {
      on: (event, listener) => socket.on(event, listener as (...args: unknown[]) => void),
      emit: (command, input, acknowledge) => {
        this.asks += 1;
        const ask = this.asks;
        write({ is: "asked", ask, command: command as CommandName, input: input as Record<string, unknown> });
        return socket.emit(command, input, (answer: Ack) => {
          write({ is: "answered", ask, answer });
          (acknowledge as (answer: Ack) => void)(answer);
        });
      },
      disconnect: () => socket.disconnect(),
    };
  };
}
