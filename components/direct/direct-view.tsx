import type { ReactNode } from "react";
import type { VisitorId } from "../../protocol/events";
import { ChatFrame } from "../chat/chat-frame";
import { useFeedPosition } from "../chat/feed/use-feed-position";
import { noneHidden, useHidden } from "../chat/members/hidden-visitors";
import type { ChatState } from "../chat/state/chat-state";
import { useWords } from "../words/words";
import type { DirectClient } from "./direct-client";
import { useReadMark } from "./use-read-mark";

type Props = {
  visitor: VisitorId;
  name: string | undefined;
  client: DirectClient;
  state: ChatState;
  bar: ReactNode;
  /** Why the visitor cannot write now; stands in place of the composer. */
  note: ReactNode;
};

/** Messages have no address here: it would lead each of the two elsewhere. */
const actions = { addressOf: undefined, hide: undefined, openSheet: undefined };

/** A conversation: its bar and its chat. */
export function DirectView({ visitor, name, client, state, bar, note }: Props) {
  const t = useWords();
  const { chat, localRoom } = client;
  const silent = useHidden();
  // A visitor who opens a conversation wants to read it, so a hidden partner only raises no alert here. Blocking keeps
  // a partner away.
  const position = useFeedPosition(localRoom, state, chat, { hidden: noneHidden, silent });
  useReadMark(state, visitor, position.scroll.isFollowing, client);
  return (
    <ChatFrame
      room={localRoom}
      name={name ?? t("room.title")}
      client={chat}
      state={state}
      position={position}
      hidden={noneHidden}
      hidesVisits
      roomRole="member"
      actions={actions}
      bar={bar}
      instead={note}
    />
  );
}
