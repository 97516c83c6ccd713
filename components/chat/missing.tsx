import type { ReactNode } from "react";
import type { RoomId } from "../../protocol/events";
import LeftDraft from "./composer/left-draft";

type Props = { title: string; text: ReactNode; room?: RoomId | undefined; children: ReactNode };

/**
 * Shown in place of a missing room or conversation: why it is missing, the visitor's unsent text, and links (the
 * children).
 */
export function Missing({ title, text, room, children }: Props) {
  return (
    <div className="room-missing">
      <h1>{title}</h1>
      <p>{text}</p>
      {room && <LeftDraft room={room} hasFeed={false} />}
      <p className="room-ways">{children}</p>
    </div>
  );
}
