import { type ReactNode, useEffect, useState } from "react";
import type { ErrorCode, Sanction, VisitorAnswer, VisitorId } from "../../protocol/events";
import css from "../../styles/owner/visitor-view.module.css";
import { MemberName } from "../chat/members/member-name";
import { CopyText } from "../ui/copy-text";
import { useWords } from "../words/words";
import { LineItem } from "./line-item";
import { type LiveLine, lineKey } from "./live-feed";
import { Moment } from "./moment";
import { RoomName } from "./room-name";
import { SanctionItem } from "./sanction-item";
import { useStaff } from "./staff-context";

type Shown = { is: "asking" } | { is: "known"; answer: VisitorAnswer } | { is: "failed"; code: ErrorCode };

/** One visitor: its names, rooms, messages and sanctions. */
export function VisitorView({ visitor }: { visitor: VisitorId }) {
  const t = useWords();
  const { shown, read } = useVisitor(visitor);
  return (
    <>
      <p>
        <a href="#visitors" className="underlined-link">
          {t("owner.visitors.back")}
        </a>
      </p>
      {shown.is === "asking" && <p className={css.quiet}>{t("owner.loading")}</p>}
      {shown.is === "failed" && (
        <p role="alert" className={css.quiet}>
          <span className="alarm">{t("owner.failed", { reason: t(`error.${shown.code}`) })}</span>{" "}
          <button type="button" className="text-button" onClick={() => void read()}>
            {t("owner.retry")}
          </button>
        </p>
      )}
      {shown.is === "known" && <Known answer={shown.answer} onLifted={() => void read()} />}
    </>
  );
}

function useVisitor(visitor: VisitorId) {
  const { ask, acts } = useStaff();
  const [shown, setShown] = useState<Shown>({ is: "asking" });
  async function read(): Promise<void> {
    const answer = await ask("visitor:show", { visitor });
    if (answer?.ok) setShown({ is: "known", answer });
    else setShown({ is: "failed", code: answer?.error.code ?? "unavailable" });
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again after each act
  useEffect(() => void read(), [visitor, acts]);
  return { shown, read };
}

function Known({ answer, onLifted }: { answer: VisitorAnswer; onLifted: () => void }) {
  const t = useWords();
  const { moderate, self } = useStaff();
  const { visitor: id, role, online, firstSeenAt, rooms, lines, sanctions } = answer;
  const name = rooms[0]?.name ?? t("owner.visitor.nameless");
  const member = { id, name, ...(role && { role }) };
  return (
    <>
      <div className={css.head}>
        <h3>
          <MemberName member={member} />
        </h3>
        <span className={online ? css.here : css.away}>
          {t(online ? "owner.visitor.here" : "owner.visitor.away")}
        </span>
        {id !== self && (
          <button
            type="button"
            className="quiet-button"
            onClick={(event) => moderate(member, rooms[0]?.room, event)}
          >
            {t("moderation.tools")}
          </button>
        )}
      </div>
      <dl className={css.facts}>
        <dt>{t("owner.visitor.id")}</dt>
        <dd>
          <code>{id}</code>{" "}
          <CopyText label={t("owner.visitor.copyId")} doneLabel={t("direct.idCopied")} text={id} />
        </dd>
        {firstSeenAt !== undefined && (
          <>
            <dt>{t("owner.visitor.first")}</dt>
            <dd>
              <Moment at={firstSeenAt} />{" "}
              <span className={css.note}>{`(${t("owner.visitor.firstNote")})`}</span>
            </dd>
          </>
        )}
      </dl>
      <Part title={t("owner.visitor.sanctions")}>
        <Sanctions sanctions={sanctions} onLifted={onLifted} />
      </Part>
      <Part title={t("owner.visitor.rooms")}>
        <ul className={css.rooms}>
          {rooms.map((each) => (
            <li key={each.room}>
              <RoomName room={each.room} title={each.title} />
              <MemberName member={{ id, name: each.name }} />
              {each.isMember ? (
                <span className={css.here}>{t("owner.visitor.here")}</span>
              ) : (
                <Moment at={each.at} />
              )}
            </li>
          ))}
        </ul>
      </Part>
      <Part title={t("owner.visitor.lines")}>
        {lines.length === 0 && <p className={css.quiet}>{t("owner.visitor.noLines")}</p>}
        <ul>
          {lines.toReversed().map((line) => (
            <LineItem key={lineKey(line)} line={line as LiveLine} />
          ))}
        </ul>
      </Part>
    </>
  );
}

function Sanctions({ sanctions, onLifted }: { sanctions: readonly Sanction[]; onLifted: () => void }) {
  const t = useWords();
  if (sanctions.length === 0) return <p className={css.quiet}>{t("owner.visitor.noSanctions")}</p>;
  return (
    <ul>
      {sanctions.map((sanction) => (
        <li key={sanction.id}>
          <SanctionItem sanction={sanction} hasName={false} onLifted={onLifted} />
        </li>
      ))}
    </ul>
  );
}

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <div className={css.part}>
    <h3>{title}</h3>
    {children}
  </div>
);
