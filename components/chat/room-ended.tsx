import { useEffect, useRef } from "react";
import type { RoomId } from "../../protocol/events";
import { usePart } from "../ui/on-demand";
import { useWords } from "../words/words";
import type { Ending } from "./state/room-over";

const loadWayOn = () => import("./room-way-on");

/** Replaces the composer once the room is over: why, the unsent text, and where to go. */
export function RoomEnded({ room, why }: { room: RoomId; why: NonNullable<Ending> }) {
  const t = useWords();
  const line = useRef<HTMLParagraphElement>(null);
  const RoomWayOn = usePart(loadWayOn, true);

  useEffect(() => {
    // The focus was in the message box, or on the button that closed the room: both are gone.
    if (document.activeElement === document.body) line.current?.focus({ preventScroll: true });
  }, []);

  return (
    <div className="room-over">
      <p ref={line} role="status" tabIndex={-1}>
        {t(`room.over.${why}`)}
      </p>
      {RoomWayOn && <RoomWayOn room={room} />}
    </div>
  );
}
