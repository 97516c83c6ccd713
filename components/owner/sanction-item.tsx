import type { Sanction } from "../../protocol/events";
import css from "../../styles/owner/sanction-item.module.css";
import { IsolatedText, Sentence, useWords } from "../words/words";
import { Ending, Place } from "./extent";
import { Moment } from "./moment";
import { reasonOf } from "./reason-of";
import { useStaff } from "./staff-context";
import { useAct } from "./use-acts";
import { VisitorName } from "./visitor-name";

type Props = { sanction: Sanction; hasName: boolean; onLifted: () => void };

/** A sanction: its visitor, kind, place, end, author and reason, and the button that lifts it. */
export function SanctionItem({ sanction, hasName, onLifted }: Props) {
  const t = useWords();
  const { ask } = useStaff();
  const act = useAct();
  const { id, visitor, kind, room, until, hasNetwork, by, at, reason } = sanction;

  async function lift(): Promise<void> {
    if ((await act(ask("sanction:lift", { id }), "owner.sanctions.lifted")) === undefined) onLifted();
  }

  return (
    <div className={css.sanction}>
      <div>
        {hasName && (
          <p>
            <VisitorName id={visitor} />
          </p>
        )}
        <p className={css.what}>
          <span className={css.kind}>{t(`owner.kind.${kind}`)}</span>
          {hasNetwork && <span>{t("owner.sanctions.network")}</span>}
          <Place room={room} />
          <Ending until={until} />
        </p>
        <p className={css.why}>
          <Sentence of="owner.sanctions.by" values={{ name: <VisitorName id={by} /> }} />
          <Moment at={at} />
          {reason && <IsolatedText>{reasonOf(reason, t)}</IsolatedText>}
        </p>
      </div>
      <button type="button" className="quiet-button" onClick={() => void lift()}>
        {t("owner.sanctions.lift")}
      </button>
    </div>
  );
}
