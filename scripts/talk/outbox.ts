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
  settle(refusal?: WireError): void;
};

/** Sends drafts in the order of writing, one at a time, each under one id until its fate is known. */
export type TalkOutbox = {
  /** Resolves when the message is stored, or with the reason why it never will be. */
  write(room: RoomId, text: string): Promise<WireError | undefined>;
  flush(): void;
  /**
   * Gives up every draft that was tried: the visitor has changed, and the server cannot recognise its repeats (C-2).
   */
  doubt(): void;
  unsent(): string[];
  /** Sends nothing more; a draft that is on its way may still get its ack. */
  close(): void;
};

export function createOutbox(host: TalkOutboxHost): TalkOutbox {
  const drafts: Draft[] = [];
  let isSending = false;
  let isClosed = false;
  let refusals = 0;
  let pause: NodeJS.Timeout | undefined;

  function flush(): void {
    const [draft] = drafts;
    if (!draft || isSending || isClosed || pause || !host.isLive()) return;
    const { room, clientMessageId, text } = draft;
    draft.since ??= host.cursor();
    draft.tries += 1;
    isSending = true;
    host.ask<Receipt>("message:send", { room, clientMessageId, text, since: draft.since }, (ack) => {
      isSending = false;
      if (ack?.ok) stored(draft, ack);
      else if (ack) refused(draft, ack.error);
      // Without an ack the outcome is unknown: the draft stays first, and is sent again unchanged.
      flush();
    });
  }

  function stored(draft: Draft, receipt: Receipt): void {
    refusals = 0;
    drop(draft);
    host.stored(receipt);
  }

  function refused(draft: Draft, error: WireError): void {
    const isNewEpoch = error.code === "expired" && draft.tries === 1;
    // Nothing can be stored at the very first try: the room has a new epoch, so send the draft without its old cursor.
    if (isNewEpoch) draft.since = undefined;
    if (isNewEpoch || error.code === "not_joined") host.rejoin();
    else if (!error.retryable) {
      drop(draft, error);
      return;
    }
    refusals += 1;
    pause = setTimeout(() => {
      pause = undefined;
      flush();
    }, error.retryAfterMs ?? retryDelayMs(refusals));
  }

  function drop(draft: Draft, refusal?: WireError): void {
    drafts.splice(drafts.indexOf(draft), 1);
    draft.settle(refusal);
  }

  return {
    flush,
    write(room, text) {
      if (Buffer.byteLength(text) > maxTextBytes)
        return Promise.resolve({ code: "too_large", message: "The text is too long.", retryable: false });
      return new Promise((settle) => {
        drafts.push({ room, clientMessageId: randomUUID(), text, tries: 0, settle });
        flush();
      });
    },
    doubt() {
      const message = "It’s unknown whether this was stored.";
      for (const draft of drafts.filter(({ tries }) => tries > 0))
        drop(draft, { code: "expired", message, retryable: false });
    },
    unsent: () => drafts.map(({ text }) => text),
    close() {
      isClosed = true;
      clearTimeout(pause);
    },
  };
}
