import { useEffect, useRef } from "react";
import type { VisitorId } from "../../protocol/events";
import { MemberName } from "../chat/members/member-name";
import { OwnId } from "../direct/own-id";
import { useWords } from "../words/words";
import { AccountSection } from "./account-section";
import { AnotherDevice } from "./another-device";
import { ForgetSection } from "./forget-section";
import type { IdentityChange, IdentityState } from "./identity-state";
import { useOwnName } from "./own-name";
import { useIdentity } from "./use-identity";
import { useSaying } from "./use-saying";

/** Who the visitor is, and the actions that change it. */
export function IdentityView() {
  const t = useWords();
  const { client, state } = useIdentity();
  const { who } = state;
  return (
    <>
      <h1 className="page-title">{t("nav.me")}</h1>
      <p className="page-lead">{t("me.lead")}</p>
      {state.lastChange && <ChangeNote key={state.lastChange} change={state.lastChange} />}
      <Who who={who} onRetry={client.refresh} />
      {who.is === "known" && (
        // A new visitor starts with closed forms, and without the old visitor's link.
        <div key={who.visitor}>
          <AnotherDevice handle={who.handle} transfer={client.transfer} isGood={client.isGood} />
          <AccountSection self={who} client={client} />
          <ForgetSection handle={who.handle} forget={client.forget} />
        </div>
      )}
    </>
  );
}

/** Takes the focus: the pressed button is gone from the page. */
function ChangeNote({ change }: { change: IdentityChange }) {
  const t = useWords();
  const note = useRef<HTMLParagraphElement>(null);
  useEffect(() => note.current?.focus(), []);
  return (
    <p ref={note} role="status" tabIndex={-1} className="change-note">
      {t(`me.${change}`)}
    </p>
  );
}

function Who({ who, onRetry }: { who: IdentityState["who"]; onRetry: () => Promise<void> }) {
  const t = useWords();
  const say = useSaying();
  if (who.is === "unknown")
    return (
      <p role="alert" className="who">
        <span className="alarm">{say.error(who.error)}</span>
        <button type="button" className="text-button" onClick={onRetry}>
          {t("me.retry")}
        </button>
      </p>
    );
  return (
    <div className="who">
      <OwnName id={who.is === "known" ? who.visitor : undefined} />
      <p className="who-note">{t("me.nameNote")}</p>
      <OwnId id={who.is === "known" ? who.visitor : undefined} />
      {who.is === "asking" && <span className="visually-hidden">{t("me.looking")}</span>}
      <p className="who-note">{t("me.idNote")}</p>
    </div>
  );
}

/** The name of the last room that this browser was in: each room has its own. */
function OwnName({ id }: { id: VisitorId | undefined }) {
  const t = useWords();
  const name = useOwnName();
  return (
    <p className="own-id">
      <span className="own-id-label">{t("me.name")}</span>
      {id === undefined && <span aria-hidden="true" className="row-skeleton" />}
      {id !== undefined && (name ? <MemberName member={{ id, name }} /> : <span>{t("me.nameless")}</span>)}
    </p>
  );
}
