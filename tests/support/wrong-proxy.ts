import http from "node:http";
import net, { type AddressInfo, type Socket } from "node:net";
import type { Duplex } from "node:stream";

/** The faults of a proxy; without any fault it passes everything on correctly. */
export type Wrongs = {
  /** The number of addresses that it adds to X-Forwarded-For. */
  addresses?: number;
  scheme?: string;
  host?: string;
  origin?: string;
  isUpgradeLost?: boolean;
  /** The time after which it cuts each WebSocket, from the client's first frame. */
  cutMs?: number;
  /** "": it removes the header. */
  policy?: string;
};

/** A proxy in front of a server on a loopback port. */
export class WrongProxy {
  private readonly sockets = new Set<Duplex>();

  private constructor(
    private readonly target: number,
    private readonly wrongs: Wrongs,
    private readonly server: http.Server,
  ) {
    server.on("request", (request, response) => this.pass(request, response));
    server.on("upgrade", (request, socket: Duplex) => this.passUpgrade(request, socket));
    server.on("connection", (socket: Socket) => this.sockets.add(socket));
  }

  static async start(target: number, wrongs: Wrongs): Promise<WrongProxy> {
    const server = http.createServer();
    const proxy = new WrongProxy(target, wrongs, server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private headersOf({ headers }: http.IncomingMessage): http.OutgoingHttpHeaders {
    const { addresses = 1, scheme = "http", host, origin } = this.wrongs;
    const forwarded = Array.from({ length: addresses }, (_, index) => `203.0.113.${index + 1}`);
    return {
      ...headers,
      ...(forwarded.length > 0 && { "x-forwarded-for": forwarded.join(", ") }),
      "x-forwarded-proto": scheme,
      ...(host !== undefined && { host }),
      ...(origin !== undefined && headers.origin !== undefined && { origin }),
    };
  }

  private pass(request: http.IncomingMessage, response: http.ServerResponse): void {
    const { policy } = this.wrongs;
    const headers = this.headersOf(request);
    if (this.wrongs.isUpgradeLost) for (const name of ["upgrade", "connection"]) delete headers[name];
    const { url: path, method } = request;
    const asked = http.request({ host: "127.0.0.1", port: this.target, path, method, headers }, (answer) => {
      const given = { ...answer.headers };
      if (policy === "") delete given["content-security-policy"];
      else if (policy !== undefined) given["content-security-policy"] = policy;
      response.writeHead(answer.statusCode ?? 502, given);
      answer.pipe(response);
    });
    asked.on("error", () => response.destroy());
    request.pipe(asked);
  }

  private passUpgrade(request: http.IncomingMessage, socket: Duplex): void {
    const { isUpgradeLost, cutMs } = this.wrongs;
    socket.on("error", () => undefined);
    if (isUpgradeLost) {
      socket.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
      return;
    }
    const upstream = net.connect(this.target, "127.0.0.1", () => {
      const lines = Object.entries(this.headersOf(request)).map(([name, value]) => `${name}: ${value}`);
      upstream.write(`GET ${request.url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
      // A client sends a frame once it has the server's first one, however long that took.
      if (cutMs !== undefined) socket.once("data", () => setTimeout(() => socket.destroy(), cutMs).unref());
      upstream.pipe(socket).pipe(upstream);
    });
    this.sockets.add(upstream);
    upstream.on("error", () => socket.destroy());
    socket.on("close", () => upstream.destroy());
  }
}
