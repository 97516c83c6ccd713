import { useEffect, useRef } from "react";
import type { RoomId } from "../../protocol/events";
import { PageLink } from "../ui/page-link";
import { useWords } from "../words/words";
import { BanNotice } from "./ban-notice";
import LeftDraft from "./composer/left-draft";
import type { Link } from "./state/chat-state";
import type { Ending } from "./state/room-over";

type Props = { room: RoomId; why: NonNullable<Ending>; link: Link; onOver: () => void };

/** Replaces the composer once the room is over: why, the unsent text, and where to go. */
export default function RoomEnded({ room, why, link, onOver }: Props) {
  const t = useWords();
  const line = useRef<HTMLParagraphElement>(null);

  useEffect(() => {
    // The focus was in the message box, or on the button that closed the room: both are gone.
    if (document.activeElement === document.body) line.current?.focus({ preventScroll: true });
  }, []);

  return (
    <div className="room-over">
      <p ref={line} role="status" tabIndex={-1}>
        <span>{t(`room.over.${why}`)}</span>
        {why === "banned" && <BanNotice link={link} onOver={onOver} />}
      </p>
      <LeftDraft room={room} hasFeed />
      <p className="room-ways">
        <PageLink href="/rooms">{t("room.toRooms")}</PageLink>
        <PageLink href="/chat">{t("room.toLobby")}</PageLink>
      </p>
    </div>
  );
}
