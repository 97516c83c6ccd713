import { lobbyId } from "../../protocol/limits";
import { useOnDemand, usePart } from "../ui/on-demand";
import type { ChatClient } from "./client/chat-client";
import type { RoomRole } from "./feed/message-actions";
import type { ChatState } from "./state/chat-state";

const loadOwnerMenu = () => import("./owner-menu");
const loadClosing = () => import("./room-closing");
const loadSettings = () => import("./moderation/room-settings");

/** What those can do with the room who keep it: its maker, the site's owner and moderators. */
export function useRoomKeeping(client: ChatClient, state: ChatState, isOver: boolean) {
  const closing = useOnDemand(loadClosing);
  const settings = useOnDemand(loadSettings);
  const roomRole = roleIn(state, isOver);
  const isKeeper = roomRole === "owner" || roomRole === "staff";
  const OwnerMenu = usePart(loadOwnerMenu, isKeeper);
  const { room } = state;
  return {
    roomRole,
    menu:
      isKeeper &&
      (OwnerMenu ? (
        <OwnerMenu onSettings={settings.show} onClose={room?.id === lobbyId ? undefined : closing.show} />
      ) : (
        <span className="icon-button" />
      )),
    question: closing.Part && !isOver && <closing.Part close={client.closeRoom} onEnd={closing.hide} />,
    dialog: settings.Part && isKeeper && room && (
      <settings.Part room={room} ask={client.ask} mayRule={roomRole === "staff"} onClose={settings.hide} />
    ),
  };
}

function roleIn({ presence: { self }, room }: ChatState, isOver: boolean): RoomRole {
  if (isOver) return "reader";
  if (self?.role) return "staff";
  return self !== undefined && room?.owner === self.id ? "owner" : "member";
}
