import Head from "next/head";
import { useRouter } from "next/router";
import { useEffect, useState } from "react";
import { unreadIn } from "../chat/client/unread-rooms";
import { useClient } from "../chat/client/use-client";
import { ConnectionStatus } from "../chat/connection-status";
import { directPath } from "../chat/room-address";
import { useWords } from "../words/words";
import { BeginConversation } from "./begin-conversation";
import { ConversationList } from "./conversation-list";
import { initialConversations, openBrowserConversations } from "./conversations-client";
import { OwnId } from "./own-id";
import { RefuseSwitch } from "./refuse-switch";
import { RequestList } from "./request-list";

/** Times are shown to the minute at best. */
const tickMs = 30_000;

/** The visitor's conversations and requests, the form to start another one, and the switch that refuses requests. */
export function ConversationsView() {
  const t = useWords();
  const router = useRouter();
  const { client, state } = useClient(openBrowserConversations, initialConversations);
  const now = useNow();
  const unread = unreadIn([...(state.conversations ?? []), ...state.requests]).length;
  return (
    <>
      <Head>
        <title>{`${unread > 0 ? `(${unread}) ` : ""}${t("nav.direct")} · ${t("site.name")}`}</title>
      </Head>
      <h1 className="page-title">{t("nav.direct")}</h1>
      <p className="page-lead">{t("direct.lead")}</p>
      {/* First: below a long list of conversations they would not be found. */}
      <RequestList requests={state.requests} now={now} client={client} />
      <h2 id="conversations" tabIndex={-1} className="list-title">
        {t("direct.yours")}
      </h2>
      <ConversationList state={state} now={now} labelledBy="conversations" drop={client.drop} />
      <h2 className="list-title">{t("direct.new")}</h2>
      <OwnId id={state.self} />
      <BeginConversation
        self={state.self}
        begin={client.begin}
        onBegun={(partner) => router.push(directPath(partner))}
      />
      {/* The setting arrives with the list above it. */}
      {state.conversations && <RefuseSwitch isOn={state.refuse} refuse={client.refuse} />}
      <ConnectionStatus state={state} onRetry={client.reconnect} />
    </>
  );
}

function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), tickMs);
    return () => clearInterval(timer);
  }, []);
  return now;
}
