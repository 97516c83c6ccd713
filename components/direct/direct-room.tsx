import { useSyncExternalStore } from "react";
import type { Member, VisitorId } from "../../protocol/events";
import { uptimeMs } from "../chat/client/browser-environment";
import { useClient } from "../chat/client/use-client";
import { withShownName } from "../chat/members/shown-name";
import RoomMissing from "../chat/room-missing";
import { type ChatState, initialState } from "../chat/state/chat-state";
import { endingOf } from "../chat/state/room-over";
import { Broken } from "../ui/broken";
import { ErrorBoundary } from "../ui/error-boundary";
import { useWords } from "../words/words";
import { type DirectState, initialDirect, openBrowserDirect } from "./direct-client";
import { DirectMissing } from "./direct-missing";
import { DirectNote } from "./direct-note";
import { DirectView } from "./direct-view";
import { noConversation } from "./no-conversation";
import { PartnerBar } from "./partner-bar";

type Props = { visitor: VisitorId };

/** The conversation with one visitor, or the reason why there is none. Give each visitor its own `key`. */
export function DirectRoom({ visitor }: Props) {
  const t = useWords();
  const { client, state: direct } = useClient((locale) => openBrowserDirect(visitor, locale), initialDirect);
  const { chat, localRoom } = client;
  const state = useSyncExternalStore(chat.subscribe, chat.getState, () => initialState);

  const known = partnerOf(direct, state);
  const partner = known && withShownName(known, t);
  const none = noConversation(state.link, uptimeMs());
  if (none && !state.feed.cursor)
    return endingOf(state) ? (
      <RoomMissing
        why={endingOf(state) === "banned" ? "banned" : "missing"}
        room={localRoom}
        canMake={false}
      />
    ) : (
      <DirectMissing none={none} localRoom={localRoom} />
    );

  const isRefused = direct.isRefused || none?.why === "refuses";
  const isWaiting = direct.request === "sent";
  const why = direct.isBlocked ? "hasBlocked" : isRefused ? "isRefused" : isWaiting ? "isWaiting" : undefined;
  const online = state.link.is === "live" && !direct.isBlocked ? direct.partner?.online : undefined;
  return (
    <ErrorBoundary fallback={<Broken />}>
      <DirectView
        visitor={visitor}
        name={partner?.name}
        client={client}
        state={state}
        bar={
          <PartnerBar partner={partner} online={online} isBlocked={direct.isBlocked} block={client.block} />
        }
        note={why && partner && <DirectNote why={why} partner={partner} block={client.block} />}
      />
    </ErrorBoundary>
  );
}

/** The partner under the name in its latest feed line, or else the one that the server gave. */
function partnerOf({ partner }: DirectState, { feed }: ChatState): Member | undefined {
  if (!partner) return undefined;
  const line = feed.lines.findLast((known) => "by" in known && known.by.id === partner.id);
  return line && "by" in line ? line.by : partner;
}
