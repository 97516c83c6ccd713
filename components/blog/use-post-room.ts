import { useCallback } from "react";
import type { RoomId } from "../../protocol/events";
import { useOnDemand } from "../ui/on-demand";
import { useMemberCount } from "./use-member-count";

const loadPanel = () => import("../chat/room-panel");

/** A post's room: how many are in it, and its panel once the reader opens it, which is when its script loads. */
export function usePostRoom(room: RoomId) {
  const { Part: Panel, isAsked: isOpen, show: open, hide: close } = useOnDemand(loadPanel);
  const [count, setCount] = useMemberCount(room, !isOpen);
  const countMembers = useCallback((memberCount: number) => setCount({ memberCount }), [setCount]);
  return { room, count, countMembers, isOpen, open, close, Panel };
}
