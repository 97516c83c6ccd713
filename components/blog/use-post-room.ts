import type { RoomId } from "../../protocol/events";
import { useOnDemand } from "../ui/on-demand";
import { useHereCount } from "./use-here-count";

const loadPanel = () => import("../chat/room-panel").then(({ RoomPanel }) => RoomPanel);

/** The room of a post: how many are in it, and its panel once it has been asked for. Its script is loaded only then. */
export function usePostRoom(room: RoomId) {
  const { Part: Panel, isAsked: isOpen, show: open, hide: close } = useOnDemand(loadPanel);
  const [count, setCount] = useHereCount(room, !isOpen);
  return { room, count, setCount, isOpen, open, close, Panel };
}
