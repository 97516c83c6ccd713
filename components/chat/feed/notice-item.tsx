import { useState } from "react";
import type { VisitorId } from "../../../protocol/events";
import { Sentence, type Translate, useWords } from "../../words/words";
import { MemberName } from "../members/member-name";
import type { Notice } from "../state/lines";
import { sentenceOf } from "./notice-sentence";

/** Up to this many notices stay whole sentences. */
const fewNotices = 2;
/** Up to this many notices are rendered before they are unfolded, so that a search in the page finds them. */
const someNotices = 20;
/** A quiet night can bring thousands of notices: this keeps the page light. */
const mostUnfolded = 100;

const kinds = ["join", "leave", "rename", "closed"] as const;

type Props = { notices: readonly Notice[]; self: VisitorId | undefined };

/** Who came and went, in one quiet line: the last of many is a sentence; those before it are counted until clicked. */
export function NoticeItem({ notices, self }: Props) {
  const t = useWords();
  const [isOpen, setOpen] = useState(false);
  const folded = notices.length > fewNotices ? notices.slice(0, -1) : [];
  return (
    <li
      data-seq={notices.at(-1)?.seq}
      // The arrow keys reach it where there is something to unfold.
      tabIndex={folded.length > 0 ? -1 : undefined}
      className="notices"
    >
      {folded.length > 0 && (
        <details onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>{summaryOf(folded, t)}</summary>
          {isOpen && folded.length > mostUnfolded && <p>…</p>}
          {(isOpen || folded.length <= someNotices) && (
            <Sentences notices={folded.slice(-mostUnfolded)} self={self} />
          )}
        </details>
      )}
      <Sentences notices={notices.slice(folded.length)} self={self} />
    </li>
  );
}

const countsOf = (notice: Notice): Partial<Record<Notice["kind"], number>> =>
  notice.kind === "visits" ? { join: notice.joined, leave: notice.left } : { [notice.kind]: 1 };

const summaryOf = (notices: readonly Notice[], t: Translate): string =>
  kinds
    .flatMap((kind) => {
      const count = notices.reduce((sum, notice) => sum + (countsOf(notice)[kind] ?? 0), 0);
      return count > 0 ? t(`notices.${kind}`, { count }) : [];
    })
    .join(t("list.separator"));

function Sentences({ notices, self }: Props) {
  const t = useWords();
  return notices.map((notice) => {
    if (notice.kind === "visits") return <p key={notice.seq}>{summaryOf([notice], t)}</p>;
    const name = <MemberName member={notice.by} />;
    const was = notice.kind === "rename" && <MemberName member={{ id: notice.by.id, name: notice.was }} />;
    return (
      <p key={notice.seq}>
        <Sentence of={sentenceOf(notice, self)} values={{ name, was }} />
      </p>
    );
  });
}
