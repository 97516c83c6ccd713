"use no memo"; // Why: feed-row.tsx

import { memo } from "react";
import type { MessageEntry } from "../../protocol/events";
import { Icon } from "../ui/icon";
import { IconButton } from "../ui/icon-button";
import { useLocale, useWords } from "../words/words";
import { CopyLink } from "./copy-link";
import { MemberName } from "./member-name";
import type { MessageActions } from "./message-actions";
import { MessageText } from "./message-text";
import { momentOf, timeOf } from "./moments";
import { ReplyQuote } from "./reply-quote";

type Props = {
  entry: MessageEntry;
  isOwn: boolean;
  isFirst: boolean;
  quoted: MessageEntry | undefined;
  actions: MessageActions;
};

/** Drawn anew only when its own message changes: a busy feed has hundreds of them. */
export const MessageItem = memo(function MessageItem({ entry, isOwn, isFirst, quoted, actions }: Props) {
  const t = useWords();
  return (
    <li
      id={`${entry.seq}`}
      data-row
      data-own={isOwn || undefined}
      tabIndex={-1}
      className={`message ${isOwn ? "message-own" : ""} ${isFirst ? "message-first" : ""}`}
    >
      {isFirst && (
        <div className="message-head">
          {!isOwn && <MemberName member={entry.by} />}
          {isOwn && <span className="sr-only">{t("chat.you")}</span>}
          <MessageTime at={entry.at} />
        </div>
      )}
      <div className="bubble">
        {entry.replyTo !== undefined && (
          <ReplyQuote seq={entry.replyTo} quoted={quoted} onJump={actions.jumpTo} />
        )}
        <MessageText text={entry.text} />
        <div className="message-tools">
          <IconButton label={t("message.reply")} onClick={() => actions.reply(entry)}>
            <Icon name="reply" />
          </IconButton>
          <CopyLink
            label={t("message.link")}
            doneLabel={t("message.linked")}
            address={() => actions.addressOf(entry.seq)}
          />
        </div>
      </div>
    </li>
  );
});

function MessageTime({ at }: { at: number }) {
  const locale = useLocale();
  return (
    <time dateTime={new Date(at).toISOString()} title={momentOf(at, locale)}>
      {timeOf(at, locale)}
    </time>
  );
}
