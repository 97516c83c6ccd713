import type { Member } from "../../protocol/events";
import { AlertBell } from "../chat/alerts/alert-bell";
import { MemberName } from "../chat/members/member-name";
import { MoreMenu } from "../ui/more-menu";
import { useOnDemand } from "../ui/on-demand";
import { useWords } from "../words/words";
import { BackLink } from "./back-link";
import type { DirectClient } from "./direct-client";
import { OnlineMark } from "./online-mark";

type Props = {
  partner: Member | undefined;
  /** `undefined` while unknown. */
  online: boolean | undefined;
  /** `undefined` while unknown. */
  isBlocked: boolean | undefined;
  block: DirectClient["block"];
};

const loadBlocking = () => import("./blocking");

/** The way back, the partner's name and presence, and the menu in which the partner can be blocked. */
export function PartnerBar({ partner, online, isBlocked, block }: Props) {
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
        {isBlocked === undefined && <span className="icon-button" />}
        {isBlocked === false && (
          <MoreMenu label={t("room.more")} items={[{ label: t("direct.block"), onChoose: blocking.show }]} />
        )}
      </div>
      {partner && isBlocked === false && blocking.Part && (
        <blocking.Part partner={partner} block={block} onEnd={blocking.hide} />
      )}
    </div>
  );
}
