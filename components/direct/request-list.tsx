import type { Conversation } from "../../protocol/events";
import { useHidden } from "../chat/members/hidden-visitors";
import { MemberName } from "../chat/members/member-name";
import { withShownName } from "../chat/members/shown-name";
import { directPath } from "../chat/room-address";
import { ActiveAgo } from "../rooms/active-ago";
import { PageLink } from "../ui/page-link";
import { useTextLanguage, useWords } from "../words/words";
import type { ConversationsClient } from "./conversations-client";
import { RequestMenu } from "./request-menu";
import { RowButton } from "./row-button";

type Props = {
  requests: readonly Conversation[];
  now: number;
  client: Pick<ConversationsClient, "drop" | "block">;
};

/** Requests to talk, with the first messages. Opening the conversation answers a request. */
export function RequestList({ requests, now, client }: Props) {
  const t = useWords();
  if (requests.length === 0) return null;
  return (
    <>
      <h2 id="requests" tabIndex={-1} className="list-title requests-title">
        {t("direct.requests", { count: requests.length })}
      </h2>
      <p className="page-lead">{t("direct.requestsNote")}</p>
      <ul aria-labelledby="requests" className="rooms">
        {requests.map((request) => (
          <RequestItem key={request.room.id} request={request} now={now} client={client} />
        ))}
      </ul>
    </>
  );
}

function RequestItem({ request, now, client }: Omit<Props, "requests"> & { request: Conversation }) {
  const { room, lastEntryAt, text } = request;
  const t = useWords();
  const lang = useTextLanguage(text ?? "");
  const isHidden = useHidden().has(request.partner.id);
  const { id, name } = withShownName(request.partner, t);
  return (
    <li className="request-row">
      <span className="room-facts">
        <MemberName member={{ id, name }} />
        <ActiveAgo at={lastEntryAt} now={now} />
      </span>
      {text && !isHidden && (
        <p dir="auto" lang={lang} className="request-text">
          {text}
        </p>
      )}
      <span className="request-answers">
        <PageLink
          href={directPath(id)}
          className="quiet-button"
          aria-label={t("action.of", { action: t("direct.answer"), name })}
        >
          {t("direct.answer")}
        </PageLink>
        <RowButton label={t("direct.drop")} name={name} act={() => client.drop(room.id)} />
        <RequestMenu request={request} name={name} block={client.block} />
      </span>
    </li>
  );
}
