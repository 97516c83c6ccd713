import type { Duplex } from "node:stream";
import { until } from "./until";
import { upgrade } from "./upgrade";

/** A handmade client frame: its mask is all zeroes, so the text is unchanged. */
function frame(text: string): Buffer {
  const body = Buffer.from(text);
  const length =
    body.length < 126 ? [0x80 | body.length] : [0x80 | 126, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([0x81, ...length, 0, 0, 0, 0]), body]);
}

/** A hostile client: it speaks Engine.IO by hand, so no client library ends it when it breaks the rules. */
export class RawClient {
  /** The server has closed the TCP connection. */
  isGone = false;
  private heard = "";
  private pongs: NodeJS.Timeout | undefined;

  private constructor(private readonly socket: Duplex) {
    socket.on("error", () => undefined); // The server may reset the connection.
    socket.once("close", () => {
      this.isGone = true;
    });
    socket.on("data", (bytes: Buffer) => {
      this.heard += bytes.toString("latin1");
    });
  }

  /** Opens a connection that has sent nothing yet. */
  static async open(url: string): Promise<RawClient> {
    const socket = await new Promise<Duplex>((resolve, reject) => {
      upgrade(url, {}, { hold: resolve }).then((status) => status !== 101 && reject(new Error(`${status}`)));
    });
    return new RawClient(socket);
  }

  /** Opens a client that has joined the room and still reads. */
  static async join(url: string, room: string): Promise<RawClient> {
    const client = await RawClient.open(url);
    client.greet();
    await until("the session", () => client.heard.includes("session:started"));
    client.command("room:join", { room });
    await until("the answer", () => client.heard.includes('[{"ok":true'));
    return client;
  }

  /** Asks for a session, as a new visitor. */
  greet(): void {
    this.send('40{"protocol":1}');
  }

  command(name: string, input: object): void {
    this.send(`420${JSON.stringify([name, input])}`);
  }

  /** Stops reading, but keeps answering pings that it has not read. */
  stopReading(): void {
    this.heard = "";
    this.socket.removeAllListeners("data").pause();
    this.pongs = setInterval(() => this.send("3"), 1_000);
  }

  close(): void {
    clearInterval(this.pongs);
    this.socket.destroy();
  }

  /** How often this text has come so far, frame headers included. */
  heardTimes(text: string): number {
    return this.heard.split(text).length - 1;
  }

  /** Sends one packet of Engine.IO. */
  send(text: string): void {
    if (this.socket.writable) this.socket.write(frame(text));
  }
}
