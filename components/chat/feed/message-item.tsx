import { type ComponentProps, type MouseEvent, type ReactNode, useReducer } from "react";
import type { MessageEntry } from "../../../protocol/events";
import { IconButton } from "../../ui/icon-button";
import { useOnDemand } from "../../ui/on-demand";
import { useWords } from "../../words/words";
import { CopyButton } from "../copy-button";
import type { MessageRow } from "./feed-rows";
import type { MessageActions, RoomRole } from "./message-actions";
import { MessageHead } from "./message-head";
import { MessageText } from "./message-text";
import { ReplyQuote } from "./reply-quote";

type Props = {
  row: MessageRow;
  roomRole: RoomRole;
  quoted: MessageEntry | undefined;
  actions: MessageActions;
};

const loadRemoval = () => import("./message-removal");

/**
 * A message. Its tools are rendered once it is first pointed at or focused: most are only read, and a busy feed has
 * hundreds.
 */
export function MessageItem({ row, roomRole, quoted, actions }: Props) {
  const { entry, isOwn, isFirst, nameSuffix } = row;
  const t = useWords();
  const removal = useOnDemand(loadRemoval);
  // The visitor's own message replaces its draft, perhaps under a pointer that rests there.
  const [hasTools, showTools] = useReducer(() => true, isOwn);
  const { addressOf, hide, openSheet } = actions;
  const isStaff = roomRole === "staff";

  return (
    <li
      id={`${entry.seq}`}
      data-seq={entry.seq}
      tabIndex={-1}
      onPointerEnter={showTools}
      onFocus={showTools}
      onMouseDown={keepFocus}
      className={`message ${isOwn ? "message-own" : ""} ${isFirst ? "message-first" : ""} ${entry.withheld ? "message-withheld" : ""}`}
    >
      <MessageHead
        {...(!isOwn && { by: entry.by })}
        nameSuffix={nameSuffix}
        at={entry.at}
        isShown={isFirst}
      />
      <div className="message-body">
        <div className="bubble">
          {entry.replyTo !== undefined && (
            <ReplyQuote seq={entry.replyTo} quoted={quoted} onJump={actions.jumpTo} />
          )}
          <MessageText text={entry.text} />
          {entry.withheld && <p className="withheld-note">{t("message.withheld")}</p>}
        </div>
        <Tools areShown={hasTools}>
          <Tool label={t("message.reply")} icon="reply" onClick={() => actions.reply(entry)} />
          {addressOf && (
            <CopyButton
              label={t("message.link")}
              doneLabel={t("message.linked")}
              text={() => addressOf(entry.seq)}
            />
          )}
          {!isOwn && hide && (
            <Tool
              label={t("hidden.hideOf", { name: entry.by.name })}
              word={t("hidden.hide")}
              icon="hide"
              onClick={() => hide(entry.by)}
            />
          )}
          {!isOwn && openSheet && roomRole !== "reader" && (
            <Tool
              label={t(isStaff ? "moderation.tools" : "report.tool")}
              icon={isStaff ? "shield" : "flag"}
              onClick={(event) => openSheet({ member: entry.by, entry }, event)}
            />
          )}
          {(isStaff || roomRole === "owner" || (roomRole === "member" && isOwn)) && (
            <Tool label={t("message.remove")} icon="bin" onClick={removal.show} />
          )}
        </Tools>
      </div>
      {removal.Part && <removal.Part seq={entry.seq} remove={actions.remove} onEnd={removal.hide} />}
    </li>
  );
}

/** Its words stand in place of its picture on a phone. */
const Tool = (button: ComponentProps<typeof IconButton>) => <IconButton word={button.label} {...button} />;

const Tools = ({ areShown, children }: { areShown: boolean; children: ReactNode }) =>
  areShown && <div className="message-tools">{children}</div>;

/**
 * A pressed tool does not take the focus from its message: for a moment neither would have it, and on a phone the tools, shown
 * only while one has, would be gone before the click.
 */
function keepFocus(event: MouseEvent): void {
  if ((event.target as Element).closest(".message-tools")) event.preventDefault();
}
