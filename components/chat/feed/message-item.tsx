import { type ReactNode, useReducer } from "react";
import type { MessageEntry } from "../../../protocol/events";
import { Icon } from "../../ui/icon";
import { IconButton } from "../../ui/icon-button";
import { useOnDemand } from "../../ui/on-demand";
import { useWords } from "../../words/words";
import { CopyButton } from "../copy-button";
import type { MessageActions } from "./message-actions";
import { MessageHead } from "./message-head";
import { MessageText } from "./message-text";
import { ReplyQuote } from "./reply-quote";

type Props = {
  entry: MessageEntry;
  isOwn: boolean;
  isFirst: boolean;
  nameSuffix: string | undefined;
  isRemovable: boolean;
  quoted: MessageEntry | undefined;
  actions: MessageActions;
};

const loadRemoval = () => import("./message-removal");

/**
 * A message. Its tools are rendered once it is first pointed at or focused: most are only read, and a busy feed has
 * hundreds.
 */
export function MessageItem(props: Props) {
  const { entry, isOwn, isFirst, isRemovable, quoted, actions } = props;
  const t = useWords();
  const removal = useOnDemand(loadRemoval);
  // The visitor's own message replaces its draft, perhaps under a pointer that rests there.
  const [hasTools, showTools] = useReducer(() => true, isOwn);
  const { addressOf, hide } = actions;
  return (
    <li
      id={`${entry.seq}`}
      data-seq={entry.seq}
      data-own={isOwn || undefined}
      tabIndex={-1}
      onPointerEnter={showTools}
      onFocus={showTools}
      className={`message ${isOwn ? "message-own" : ""} ${isFirst ? "message-first" : ""}`}
    >
      <MessageHead
        {...(!isOwn && { by: entry.by })}
        nameSuffix={props.nameSuffix}
        at={entry.at}
        isShown={isFirst}
      />
      <div className="bubble">
        {entry.replyTo !== undefined && (
          <ReplyQuote seq={entry.replyTo} quoted={quoted} onJump={actions.jumpTo} />
        )}
        <MessageText text={entry.text} />
        <Tools areShown={hasTools}>
          <IconButton label={t("message.reply")} onClick={() => actions.reply(entry)}>
            <Icon name="reply" />
          </IconButton>
          {addressOf && (
            <CopyButton
              label={t("message.link")}
              doneLabel={t("message.linked")}
              text={() => addressOf(entry.seq)}
            />
          )}
          {!isOwn && hide && (
            <IconButton label={t("hidden.hideOf", { name: entry.by.name })} onClick={() => hide(entry.by)}>
              <Icon name="hide" />
            </IconButton>
          )}
          {isRemovable && (
            <IconButton label={t("message.remove")} onClick={removal.show}>
              <Icon name="bin" />
            </IconButton>
          )}
        </Tools>
      </div>
      {removal.Part && <removal.Part seq={entry.seq} remove={actions.remove} onEnd={removal.hide} />}
    </li>
  );
}

const Tools = ({ areShown, children }: { areShown: boolean; children: ReactNode }) =>
  areShown && <div className="message-tools">{children}</div>;
