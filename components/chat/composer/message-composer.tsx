import { type KeyboardEvent, type MouseEvent, type ReactNode, type RefObject, useEffect } from "react";
import type { MessageEntry, RoomId } from "../../../protocol/events";
import { Icon } from "../../ui/icon";
import { IconButton } from "../../ui/icon-button";
import { useAlive } from "../../ui/use-alive";
import { IsolatedText, Sentence, type Translate, useWords } from "../../words/words";
import { truncate } from "../feed/truncate";
import { MemberName } from "../members/member-name";
import type { Presence } from "../state/presence";
import { messageBoxId } from "./message-box-id";
import type { Length } from "./text-limit";
import { useIsTouch } from "./touch-screen";
import { useMessageBox } from "./use-message-box";

type Props = {
  room: RoomId;
  self: Presence["self"];
  /** The visitor cannot write now; `note` says why. */
  isBarred: boolean;
  /** Stands above the box. */
  note: ReactNode;
  replyTo: MessageEntry | undefined;
  onCancelReply: () => void;
  onSend: (text: string) => void;
  /** Called on each change of the text, with whether there is any. */
  onType: (isTyping: boolean) => void;
  onChangeName: (event: MouseEvent<HTMLElement>) => void;
  /** The visitor's last text, for the Up key in an empty box. */
  lastText: () => string | undefined;
};

export function MessageComposer(props: Props) {
  const { room, self, isBarred, note, replyTo, onCancelReply, onSend, onType, onChangeName, lastText } =
    props;
  const t = useWords();
  const isTouch = useIsTouch();
  const { box, length, isAgain, changed, writeAgain, clear, submit } = useMessageBox(
    room,
    isBarred ? undefined : onSend,
    onType,
  );

  useFocusOn(replyTo, box);

  function cancelReply(): void {
    onCancelReply();
    box.current?.focus();
  }

  const takeBack = isAgain ? clear : replyTo && onCancelReply;

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        // If a tap on a button does not take the focus, the text being composed would come back into the emptied box.
        box.current?.blur();
        submit();
        box.current?.focus();
      }}
    >
      {replyTo && (
        <Above cancelLabel={t("composer.cancelReply")} onCancel={cancelReply}>
          <Sentence of="composer.replying" values={{ name: <MemberName member={replyTo.by} /> }} />
          <span>{" · "}</span>
          <IsolatedText>{truncate(replyTo.text, 80)}</IsolatedText>
        </Above>
      )}
      {isAgain && (
        <Above cancelLabel={t("me.cancel")} onCancel={clear}>
          {t("composer.again")}
        </Above>
      )}
      {note}
      <div className="composer-box">
        <textarea
          ref={box}
          id={messageBoxId}
          rows={1}
          dir="auto"
          aria-label={t("chat.message")}
          aria-describedby="composer-note composer-length"
          placeholder={t("chat.write")}
          readOnly={isBarred}
          // As in watchEnter. Before the page is hydrated, Enter breaks the line everywhere.
          enterKeyHint={isTouch ? "enter" : "send"}
          autoComplete="off"
          onInput={changed}
          onKeyDown={(event) => actOnKey(event, { takeBack, lastText, writeAgain })}
        />
        <SendButton length={length} isBarred={isBarred} />
      </div>
      <ComposerNote self={self} length={length} isAgain={isAgain} onChangeName={onChangeName} />
    </form>
  );
}

type KeyActions = {
  /** Takes back the reply, or the text that is written again; undefined while there is neither. */
  takeBack: (() => void) | undefined;
  lastText: Props["lastText"];
  writeAgain: (text: string) => void;
};

/** Escape takes back; the Up key in an empty box fetches the visitor's last text. */
function actOnKey(event: KeyboardEvent<HTMLTextAreaElement>, { takeBack, lastText, writeAgain }: KeyActions) {
  if (isComposing(event)) return;
  if (event.key === "Escape" && takeBack) {
    // Handled: a panel around the room must not close as well.
    event.preventDefault();
    takeBack();
  }
  const last = event.key === "ArrowUp" && !event.currentTarget.value ? lastText() : undefined;
  if (last === undefined) return;
  event.preventDefault();
  writeAgain(last);
}

/** An answer is written at once. */
function useFocusOn(replyTo: Props["replyTo"], box: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (replyTo) box.current?.focus();
  }, [replyTo, box]);
}

function SendButton({ length, isBarred }: { length: Length; isBarred: boolean }) {
  const t = useWords();
  return (
    <button
      type="submit"
      disabled={!useAlive()}
      aria-label={t("chat.send")}
      aria-describedby="composer-note composer-length"
      aria-disabled={isBarred || isOverLimit(length)}
      title={sentenceOf(length, t)}
      className="send-button"
    >
      <Icon name="send" />
    </button>
  );
}

/** Below the box: the visitor's name, and how long the text may still be. */
function ComposerNote({
  self,
  length,
  isAgain,
  onChangeName,
}: Pick<Props, "self" | "onChangeName"> & { length: Length; isAgain: boolean }) {
  const t = useWords();
  const isTooLong = isOverLimit(length);
  return (
    <div className="composer-note">
      <p id="composer-note">
        {self && <Sentence of="chat.youAre" values={{ name: <MemberName member={self} /> }} />}
      </p>
      {self && (
        <IconButton label={t("name.change")} className="name-button" onClick={onChangeName} icon="pencil" />
      )}
      <p id="composer-length" className="composer-length">
        <span className={isTooLong ? "alarm" : undefined}>{sentenceOf(length, t)}</span>
      </p>
      {/* Announced once, and not again for each character. */}
      <p role="alert" className="visually-hidden">
        {isTooLong ? t("error.too_large") : isAgain && t("composer.again")}
      </p>
    </div>
  );
}

const isOverLimit = ({ is }: Length): boolean => is === "over" || is === "heavy";

/** The input method handles this key; Safari says so only by keyCode 229. */
const isComposing = ({ nativeEvent }: KeyboardEvent): boolean =>
  nativeEvent.isComposing || nativeEvent.keyCode === 229;

type AboveProps = { cancelLabel: string; onCancel: () => void; children: ReactNode };

/** A line above the box that tells what the text will be, and takes that back. */
const Above = ({ cancelLabel, onCancel, children }: AboveProps) => (
  <div className="composer-above">
    <span className="one-line">{children}</span>
    <IconButton label={cancelLabel} onClick={onCancel} icon="close" />
  </div>
);

function sentenceOf(length: Length, t: Translate): string | undefined {
  if (length.is === "near") return t("composer.left", { count: length.left });
  if (length.is === "over") return t("composer.over", { count: length.by });
  return length.is === "heavy" ? t("composer.heavy") : undefined;
}
