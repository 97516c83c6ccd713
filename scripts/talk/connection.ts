import { io, type Socket } from "socket.io-client";
import type { Ack, Handshake, ServerToClient } from "../../protocol/events";
import { prove } from "./prove";
import { type Failure, type Trouble, troubleOf } from "./trouble";

/** An upgrade to a replica that is still starting may hang forever. */
const openingMs = 5_000;
/** A live server answers sooner, even if only with `unavailable`: silence means that the link is dead. */
const answerMs = 8_000;
/** How long a replaced connection may still wait for answers. */
const retirementMs = 2_000;

/** `undefined`: the connection ended before the answer came, so the outcome of the command is unknown. */
export type OnAnswer<Answer> = (ack: Ack<Answer> | undefined) => void;

const events = [
  "session:started",
  "feed:appended",
  "feed:gap",
  "status:changed",
  "replica:draining",
] as const satisfies (keyof ServerToClient)[];

export type TalkListener = Pick<ServerToClient, (typeof events)[number]> & {
  opened(): void;
  ended(trouble: Trouble): void;
};

/** One socket to one replica, from its opening to its end. */
export class TalkConnection {
  /** The listener gets no more calls. */
  private isOver = false;
  private isRetired = false;
  private unanswered = 0;
  private retirement: NodeJS.Timeout | undefined;
  private opening: NodeJS.Timeout | undefined;
  private socket: Socket;

  constructor(
    private readonly url: string,
    handshake: Handshake,
    private readonly listener: TalkListener,
  ) {
    this.socket = this.open(handshake);
  }

  /** Calls back in the same turn in which the ack arrives, and so before the events that follow it. */
  ask<Answer>(command: string, input: object, answered: OnAnswer<Answer>): void {
    if (!this.socket.connected) {
      answered(undefined);
      return;
    }
    this.unanswered += 1;
    this.socket
      .timeout(answerMs)
      .emit(command, input, (failure: Error | null, ack: Parameters<typeof answered>[0]) => {
        if (failure) this.end({ why: "it isn’t answering" });
        this.unanswered -= 1;
        answered(failure || (this.isRetired && command === "room:join") ? undefined : ack);
        if (this.isRetired && this.unanswered === 0) this.close();
      });
  }

  /**
   * Silences the listener, and ends the connection once every command has its answer. Another connection has taken
   * over, so a join counts as unanswered: joining the room here does not join it there.
   */
  retire(): void {
    this.isOver = true;
    this.isRetired = true;
    if (this.unanswered === 0) this.close();
    else this.retirement = setTimeout(() => this.close(), retirementMs);
  }

  /** Ends the connection, and silences the listener. */
  close(): void {
    this.isOver = true;
    clearTimeout(this.opening);
    clearTimeout(this.retirement);
    this.socket.disconnect();
  }

  private open(auth: Handshake): Socket {
    this.opening = setTimeout(() => this.end({ why: "it isn’t answering" }), openingMs);
    const opened = io(this.url, {
      path: "/socket.io",
      addTrailingSlash: false,
      transports: ["websocket"],
      forceNew: true,
      reconnection: false,
      auth,
    });
    opened.on("connect", () => {
      clearTimeout(this.opening);
      this.listener.opened();
    });
    opened.on("connect_error", (failure) => this.refused(auth, failure));
    opened.on("disconnect", () => this.end({ why: "the connection was cut" }));
    for (const event of events) {
      const handle = this.listener[event] as (content: unknown) => void;
      opened.on(event, (content: unknown) => this.isOver || handle(content));
    }
    return opened;
  }

  /** Opens once more with a proof of work if the server asks for one. */
  private refused(auth: Handshake, failure: Failure): void {
    const trouble = troubleOf(failure);
    const challenge = trouble.error?.challenge;
    if (!challenge || auth.proof) {
      this.end(trouble);
      return;
    }
    clearTimeout(this.opening);
    prove(challenge).then(
      (proof) => {
        if (!this.isOver) this.socket = this.open({ ...auth, proof });
      },
      () => this.end(trouble),
    );
  }

  private end(trouble: Trouble): void {
    if (this.isOver) return;
    this.isOver = true;
    // First: a callback that learns of a missing answer must find the connection marked as gone.
    this.listener.ended(trouble);
    this.close();
  }
}
