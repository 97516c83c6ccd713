"use no memo"; // Why: feed-row.tsx

import { type KeyboardEvent, useEffect } from "react";
import type { MessageEntry, RoomId } from "../../protocol/events";
import { Icon } from "../ui/icon";
import { IconButton } from "../ui/icon-button";
import { Sentence, type Translate, useWords } from "../words/words";
import { MemberName } from "./member-name";
import type { Presence } from "./presence";
import type { Length } from "./text-limit";
import { useMessageBox } from "./use-message-box";

type Props = {
  room: RoomId;
  self: Presence["self"];
  replyTo: MessageEntry | undefined;
  onCancelReply: () => void;
  onSend: (text: string) => void;
  /** One's last text, for the Up key in an empty box. */
  lastText: () => string | undefined;
};

export function MessageComposer({ room, self, replyTo, onCancelReply, onSend, lastText }: Props) {
  const t = useWords();
  const { box, length, changed, write, submit } = useMessageBox(room, onSend);
  const isTooLong = length.is === "over" || length.is === "heavy";

  useEffect(() => {
    if (replyTo) box.current?.focus();
  }, [replyTo, box]);

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>): void {
    if (event.key === "Escape" && replyTo) {
      // Handled: a panel around the room must not close as well.
      event.preventDefault();
      onCancelReply();
    }
    const last = event.key === "ArrowUp" && !event.currentTarget.value ? lastText() : undefined;
    if (last === undefined) return;
    event.preventDefault();
    write(last);
  }

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
        box.current?.focus();
      }}
    >
      {replyTo && <Replying to={replyTo} onCancel={onCancelReply} />}
      <div className="composer-box">
        <textarea
          ref={box}
          rows={1}
          aria-label={t("chat.message")}
          aria-describedby="composer-note"
          placeholder={t("chat.write")}
          enterKeyHint="send"
          autoComplete="off"
          onInput={changed}
          onKeyDown={onKeyDown}
        />
        <button
          type="submit"
          aria-label={t("chat.send")}
          aria-describedby="composer-note"
          aria-disabled={isTooLong}
          title={sentenceOf(length, t)}
          className="send-button"
        >
          <Icon name="send" />
        </button>
      </div>
      <p id="composer-note" className="composer-note">
        <span>{self && <Sentence of="chat.youAre" values={{ name: <MemberName member={self} /> }} />}</span>
        <LengthNote length={length} />
      </p>
    </form>
  );
}

function Replying({ to, onCancel }: { to: MessageEntry; onCancel: () => void }) {
  const t = useWords();
  return (
    <div className="composer-reply">
      <span className="truncate">
        <Sentence of="composer.replying" values={{ name: <MemberName member={to.by} /> }} />
        {" · "}
        <bdi dir="auto">{to.text.slice(0, 80)}</bdi>
      </span>
      <IconButton label={t("composer.cancelReply")} onClick={onCancel}>
        <Icon name="close" />
      </IconButton>
    </div>
  );
}

function LengthNote({ length }: { length: Length }) {
  const sentence = sentenceOf(length, useWords());
  if (length.is === "near") return <span>{sentence}</span>;
  return (
    sentence && (
      <span role="alert" className="text-alarm">
        {sentence}
      </span>
    )
  );
}

function sentenceOf(length: Length, t: Translate): string | undefined {
  if (length.is === "near") return t("composer.left", { count: length.left });
  if (length.is === "over") return t("composer.over", { count: length.by });
  return length.is === "heavy" ? t("composer.heavy") : undefined;
}
