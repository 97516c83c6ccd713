import http from "node:http";
import type { Socket } from "node:net";

/**
 * A load balancer without stickiness at its worst: each request, not each connection, goes to the next replica in turn.
 * A replica that cannot be reached is skipped.
 */
export class AlternatingFront {
  private readonly server = http.createServer((request, response) => this.pass(request, response));
  private readonly sockets = new Set<Socket>();
  private turn = 0;

  private constructor(public ports: number[]) {
    this.server.on("upgrade", (request, socket: Socket, head) => this.passUpgrade(request, socket, head));
    this.server.on("connection", (socket) => {
      this.sockets.add(socket);
      socket.on("error", () => undefined).once("close", () => this.sockets.delete(socket));
    });
  }

  static async start(ports: number[]): Promise<AlternatingFront> {
    const front = new AlternatingFront(ports);
    await new Promise<void>((resolve) => front.server.listen(0, "127.0.0.1", resolve));
    return front;
  }

  get url(): string {
    const address = this.server.address();
    if (address === null || typeof address === "string") throw new Error("the front does not listen");
    return `http://127.0.0.1:${address.port}`;
  }

  /** Sends the next request to this port. */
  turnTo(port: number): void {
    this.turn = this.ports.indexOf(port);
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private ask({ method, url: path, headers }: http.IncomingMessage): http.ClientRequest {
    const port = this.ports[this.turn++ % this.ports.length];
    return http.request({ host: "127.0.0.1", port, method, path, headers, agent: false });
  }

  private pass(request: http.IncomingMessage, response: http.ServerResponse): void {
    const asked = this.ask(request);
    asked.once("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    asked.once("error", () => response.headersSent || response.writeHead(502).end());
    request.pipe(asked);
  }

  private passUpgrade(request: http.IncomingMessage, near: Socket, head: Buffer): void {
    const asked = this.ask(request);
    asked.once("upgrade", (answer, far: Socket, farHead) => {
      const lines = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}`);
      near.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join("\r\n")}\r\n\r\n`);
      near.write(farHead);
      far.write(head);
      near.pipe(far).pipe(near);
      far.on("error", () => near.destroy()).once("close", () => near.destroy());
      near.once("close", () => far.destroy());
    });
    asked.once("response", ({ statusCode }) =>
      near.end(`HTTP/1.1 ${statusCode} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`),
    );
    asked.once("error", () => near.destroy());
    asked.end();
  }
}
