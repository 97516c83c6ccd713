import { randomUUID } from "node:crypto";
import type { Proof, WireError } from "../../protocol/events";
import { prove } from "../../scripts/talk/prove";
import { openSocket } from "../support/wire-socket";

type Ack = { ok: boolean; error?: { code: string } };

/** What an attacker achieved, over all of its connections. */
export type Tally = {
  connections: number;
  refusedConnections: number;
  closedConnections: number;
  done: number;
  refused: number;
  unanswered: number;
};

export const emptyTally = (): Tally => ({
  connections: 0,
  refusedConnections: 0,
  closedConnections: 0,
  done: 0,
  refused: 0,
  unanswered: 0,
});

const connectMs = 10_000;
const answerMs = 5_000;

export type RogueOptions = { url: string; address: string; tally: Tally; proof?: Proof };

/** One connection of an attacker: it ignores refusals, and asks as fast as it can. */
export class Rogue {
  private constructor(
    private readonly socket: ReturnType<typeof openSocket>,
    private readonly tally: Tally,
  ) {}

  /** Resolves with undefined when the connection is refused. */
  static async connect(options: RogueOptions): Promise<Rogue | undefined> {
    const outcome = await Rogue.tryOnce(options);
    return outcome instanceof Rogue ? outcome : undefined;
  }

  /** The same, with the proof of work that is asked of a new visitor (W-4a). */
  static async connectWithProof(options: RogueOptions): Promise<Rogue | undefined> {
    const outcome = await Rogue.tryOnce(options);
    if (outcome instanceof Rogue) return outcome;
    return outcome?.challenge && Rogue.connect({ ...options, proof: await prove(outcome.challenge) });
  }

  private static tryOnce({
    url,
    address,
    tally,
    proof,
  }: RogueOptions): Promise<Rogue | WireError | undefined> {
    const socket = openSocket({ url, headers: { "x-forwarded-for": address } }, () => ({
      protocol: 1,
      ...(proof && { proof }),
    }));
    return new Promise((resolve) => {
      const refuse = (error?: Error & { data?: WireError }) => {
        clearTimeout(timer);
        tally.refusedConnections += 1;
        socket.disconnect();
        resolve(error?.data);
      };
      const timer = setTimeout(refuse, connectMs);
      socket.once("connect_error", refuse);
      socket.once("session:started", () => {
        clearTimeout(timer);
        tally.connections += 1;
        const rogue = new Rogue(socket, tally);
        socket.once("disconnect", (reason) => {
          if (reason !== "io client disconnect") tally.closedConnections += 1;
        });
        resolve(rogue);
      });
    });
  }

  get isOpen(): boolean {
    return this.socket.connected;
  }

  /** Resolves with whether the command was accepted. */
  async ask(command: string, input: object): Promise<boolean> {
    return (await this.answer(command, input))?.ok ?? false;
  }

  answer(command: string, input: object): Promise<(Ack & Record<string, unknown>) | undefined> {
    return new Promise((resolve) => {
      if (!this.socket.connected) return resolve(undefined);
      const finish = (ack?: Ack) => {
        this.socket.off("disconnect", onEnd);
        if (ack === undefined) this.tally.unanswered += 1;
        else if (ack.ok) this.tally.done += 1;
        else this.tally.refused += 1;
        resolve(ack as (Ack & Record<string, unknown>) | undefined);
      };
      const onEnd = () => finish();
      this.socket.once("disconnect", onEnd);
      this.socket
        .timeout(answerMs)
        .emit(
          command,
          input,
          (error: Error | null, ack: Ack) => this.socket.connected && finish(error ? undefined : ack),
        );
    });
  }

  say(room: string, text: string): Promise<boolean> {
    return this.ask("message:send", { room, text, clientMessageId: randomUUID() });
  }

  /** Sends without a callback, so that no answer tells whether it was refused. */
  shout(command: string, input: object): void {
    if (!this.socket.connected) return;
    this.tally.done += 1;
    this.socket.emit(command, input);
  }

  /** The number of packets that the client has not given to the kernel yet. */
  get waitingPackets(): number {
    const { engine } = this.socket.io as unknown as { engine: { writeBuffer: unknown[] } };
    return engine.writeBuffer.length;
  }

  close(): void {
    this.socket.disconnect();
  }
}
