import type { Member } from "../../protocol/events";
import { AlertBell } from "../chat/alerts/alert-bell";
import { MemberName } from "../chat/members/member-name";
import { useOnDemand } from "../ui/on-demand";
import { useWords } from "../words/words";
import { BackLink } from "./back-link";
import type { DirectClient } from "./direct-client";
import { OnlineMark } from "./online-mark";

type Props = {
  partner: Member | undefined;
  /** `undefined` while unknown. */
  online: boolean | undefined;
  canBlock: boolean;
  block: DirectClient["block"];
};

const loadBlocking = () => import("./blocking");

/** The way back, the partner's name and presence, and the button to block the partner. */
export function PartnerBar({ partner, online, canBlock, block }: Props) {
  const t = useWords();
  const blocking = useOnDemand(loadBlocking);
  return (
    <div>
      <div className="room-bar pair-bar">
        <BackLink />
        <div className="room-heading">
          <h1 className="room-title">
            {partner ? (
              <MemberName member={partner} />
            ) : (
              <>
                <span className="visually-hidden">{t("direct.title")}</span>
                <span aria-hidden="true" className="title-skeleton" />
              </>
            )}
          </h1>
          <span role="status" className="partner-state">
            {online !== undefined && <OnlineMark online={online} />}
          </span>
        </div>
        <AlertBell />
        {canBlock && (
          <button type="button" className="rooms-link block-button" onClick={blocking.show}>
            {t("direct.block")}
          </button>
        )}
      </div>
      {partner && canBlock && blocking.Part && (
        <blocking.Part partner={partner} block={block} onEnd={blocking.hide} />
      )}
    </div>
  );
}
