import { type ComponentType, memo } from "react";
import type { MessageEntry } from "../../../protocol/events";
import { useLocale, useWords } from "../../words/words";
import type { GapLine } from "../state/lines";
import { isSameRow, type Row } from "./feed-rows";
import type { HiddenProps } from "./hidden-item";
import type { MessageActions, RoomRole } from "./message-actions";
import { MessageItem } from "./message-item";
import { dateOf, nearDay } from "./moments";
import { NoticeItem } from "./notice-item";
import { OutgoingItem } from "./outgoing-item";
import { useToday } from "./use-today";

type Props = {
  row: Row;
  actions: MessageActions;
  roomRole: RoomRole;
  /** The message that the row's message answers. */
  quoted: MessageEntry | undefined;
  /** Shows hidden messages, once its script has loaded; their line is empty until then. */
  Hidden: ComponentType<HiddenProps> | null | undefined;
};

/** Rendered again only when the row itself changes: a busy feed has hundreds of rows. */
export const FeedRow = memo(function FeedRow({ row, actions, roomRole, quoted, Hidden }: Props) {
  switch (row.kind) {
    case "day":
      return <DayLine at={row.at} />;
    case "new":
      return <NewLine />;
    case "gap":
      return <GapItem line={row.line} />;
    case "removed":
      return <RemovedItem seq={row.seq} />;
    case "notices":
      return <NoticeItem notices={row.notices} self={row.self} />;
    case "hidden":
      if (!Hidden) return <li data-seq={row.entries.at(-1)?.seq} tabIndex={-1} className="notices" />;
      return <Hidden entries={row.entries} />;
    case "outgoing":
      return <OutgoingItem row={row} actions={actions} />;
    case "message":
      return <MessageItem row={row} roomRole={roomRole} quoted={quoted} actions={actions} />;
  }
}, isSame);

function isSame({ row: before, ...rest }: Props, { row: after, ...others }: Props): boolean {
  const isSameRest = Object.entries(rest).every(
    ([name, value]) => value === others[name as keyof typeof rest],
  );
  return isSameRest && isSameRow(before, after);
}

function DayLine({ at }: { at: number }) {
  const t = useWords();
  const locale = useLocale();
  const near = nearDay(at, useToday());
  return (
    <li className="day-line">
      <span>{near ? t(`day.${near}`) : dateOf(at, locale)}</span>
    </li>
  );
}

function NewLine() {
  const t = useWords();
  return (
    <li className="new-line">
      <span>{t("feed.unread")}</span>
    </li>
  );
}

function GapItem({ line: { gap } }: { line: GapLine }) {
  const t = useWords();
  const count = gap.to - gap.from + 1;
  return (
    <li data-seq={gap.to} className="gap-line">
      {gap.reason === "trimmed" ? t("feed.trimmed", { count }) : t("feed.reset")}
    </li>
  );
}

function RemovedItem({ seq }: { seq: number }) {
  const t = useWords();
  return (
    <li id={`${seq}`} data-seq={seq} tabIndex={-1} className="notices">
      {t("feed.removed")}
    </li>
  );
}
