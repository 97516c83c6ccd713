import { randomUUID } from "node:crypto";
import type { Cursor, Receipt, RoomId, WireError } from "../../protocol/events";
import { retryDelayMs } from "./backoff";
import type { TalkConnection } from "./connection";

/** C-4. A much longer line would not be refused but close the connection (W-5), again at every retry. */
export const maxTextBytes = 16 * 1024;

export type TalkOutboxHost = {
  isLive(): boolean;
  cursor(): Cursor | undefined;
  ask: TalkConnection["ask"];
  rejoin(): void;
  stored(receipt: Receipt): void;
};

type Draft = {
  room: RoomId;
  clientMessageId: string;
  text: string;
  since?: Cursor | undefined;
  tries: number;
  resolve(refusal?: WireError): void;
};

/** Sends drafts in the order of writing, one at a time, each under one id until its fate is known. */
export class TalkOutbox {
  private readonly drafts: Draft[] = [];
  private isSending = false;
  private isClosed = false;
  private refusals = 0;
  private pause: NodeJS.Timeout | undefined;

  constructor(private readonly host: TalkOutboxHost) {}

  /** Resolves when the message is stored, or with the reason why it never will be. */
  write(room: RoomId, text: string): Promise<WireError | undefined> {
    if (Buffer.byteLength(text) > maxTextBytes)
      return Promise.resolve({ code: "too_large", message: "The text is too long.", retryable: false });
    return new Promise((resolve) => {
      this.drafts.push({ room, clientMessageId: randomUUID(), text, tries: 0, resolve });
      this.flush();
    });
  }

  flush(): void {
    const [draft] = this.drafts;
    if (!draft || this.isSending || this.isClosed || this.pause || !this.host.isLive()) return;
    const { room, clientMessageId, text } = draft;
    draft.since ??= this.host.cursor();
    draft.tries += 1;
    this.isSending = true;
    this.host.ask<Receipt>("message:send", { room, clientMessageId, text, since: draft.since }, (ack) => {
      this.isSending = false;
      if (ack?.ok) this.stored(draft, ack);
      else if (ack) this.refused(draft, ack.error);
      // Without an ack the outcome is unknown: the draft stays first, and is sent again unchanged.
      this.flush();
    });
  }

  /**
   * Gives up every draft that was tried: the visitor has changed, and the server cannot recognise its repeats (C-2).
   */
  doubt(): void {
    const message = "It’s unknown whether this was stored.";
    for (const draft of this.drafts.filter(({ tries }) => tries > 0))
      this.drop(draft, { code: "expired", message, retryable: false });
  }

  unsent(): string[] {
    return this.drafts.map(({ text }) => text);
  }

  /** Sends nothing more; a draft that is on its way may still get its ack. */
  close(): void {
    this.isClosed = true;
    clearTimeout(this.pause);
  }

  private stored(draft: Draft, receipt: Receipt): void {
    this.refusals = 0;
    this.drop(draft);
    this.host.stored(receipt);
  }

  private refused(draft: Draft, error: WireError): void {
    const isNewEpoch = error.code === "expired" && draft.tries === 1;
    // Nothing can be stored at the very first try: the room has a new epoch, so send the draft without its old cursor.
    if (isNewEpoch) draft.since = undefined;
    if (isNewEpoch || error.code === "not_joined") this.host.rejoin();
    else if (!error.retryable) {
      this.drop(draft, error);
      return;
    }
    this.refusals += 1;
    this.pause = setTimeout(() => {
      this.pause = undefined;
      this.flush();
    }, error.retryAfterMs ?? retryDelayMs(this.refusals));
  }

  private drop(draft: Draft, refusal?: WireError): void {
    this.drafts.splice(this.drafts.indexOf(draft), 1);
    draft.resolve(refusal);
  }
}
