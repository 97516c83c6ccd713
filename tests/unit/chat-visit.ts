import { type ChatClient, createChatClient } from "../../components/chat/client/chat-client";
import type { Entry } from "../../protocol/events";
import { FakeEnvironment, settle } from "./fake-environment";
import { welcome } from "./feed-makers";

/** A client in its own environment, with the steps that most tests begin with. */
export class Visit {
  readonly client: ChatClient;

  constructor(readonly environment = new FakeEnvironment()) {
    this.client = createChatClient("lobby", "en", environment);
  }

  get state() {
    return this.client.getState();
  }

  get socket() {
    return this.environment.socket;
  }

  async open(): Promise<void> {
    this.client.open();
    await settle();
  }

  /** The newest socket opens, and the room welcomes it. */
  async welcome(entries: Entry[] = [], rest = {}): Promise<void> {
    await this.socket.hear("connect");
    await this.socket.last("room:join").answer({ ok: true, ...welcome(entries, rest) });
  }

  async send(text: string, replyTo?: number): Promise<void> {
    this.client.send(text, replyTo);
    await settle();
  }

  texts(command = "message:send"): unknown[] {
    return this.socket.all(command).map(({ input }) => input.text);
  }
}

/** Another tab of the same browser, at the same time. */
export const nextTab = ({ environment }: Visit): FakeEnvironment => new FakeEnvironment(environment.browser);

export async function liveVisit(entries: Entry[] = [], rest = {}): Promise<Visit> {
  const visit = new Visit();
  await visit.open();
  await visit.welcome(entries, rest);
  return visit;
}

/** Enters a room that has one other visitor. */
export const withAnother = { memberCount: 2 };

export const refusal = (code: string, retryable: boolean, rest = {}) => ({
  ok: false,
  error: { code, message: code, retryable, ...rest },
});

/** The error that a socket gets when its handshake is refused. */
export const failure = (code: string, retryable: boolean, rest = {}) =>
  Object.assign(new Error(code), { data: refusal(code, retryable, rest).error });
