import Link from "next/link";
import { type FormEvent, type ReactNode, useState } from "react";
import type { Room, RoomId, WireError } from "../../protocol/events";
import { roomPath } from "../chat/room-address";
import { Sentence, useLocale, useWords } from "../words/words";
import { relativeTime } from "./ago";
import { measureTitle } from "./room-title";
import type { RoomsClient } from "./rooms-client";

type Props = {
  /** The id that it is to have; without one the server makes one. */
  room: RoomId | undefined;
  make: RoomsClient["make"];
  onMade: (room: Room) => void;
};

/** A title is all that a room needs. */
export function MakeRoom({ room, make, onMade }: Props) {
  const t = useWords();
  const [title, setTitle] = useState("");
  const [isMaking, setMaking] = useState(false);
  const [error, setError] = useState<WireError>();
  const length = measureTitle(title);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (isMaking || length.is !== "fine") return;
    setMaking(true);
    const answer = await make({ title: title.trim(), ...(room && { room }) });
    setMaking(false);
    setError(answer.ok ? undefined : answer.error);
    if (answer.ok) onMade(answer.room);
  }

  return (
    <form className="make-room" onSubmit={submit}>
      <label htmlFor="room-title">{t("rooms.field")}</label>
      <div className="make-room-row">
        <input
          id="room-title"
          value={title}
          autoComplete="off"
          enterKeyHint="go"
          aria-describedby="room-title-note"
          aria-invalid={length.is === "over"}
          onChange={(event) => {
            setTitle(event.target.value);
            setError(undefined);
          }}
        />
        <button type="submit" className="pill-button" aria-disabled={isMaking || length.is === "over"}>
          {t(isMaking ? "rooms.making" : "rooms.make")}
        </button>
      </div>
      <p id="room-title-note" role="status" className="make-room-note">
        {error ? (
          <span className="text-alarm">
            <Refusal error={error} room={room} />
          </span>
        ) : length.is === "over" ? (
          <span className="text-alarm">{t("composer.over", { count: length.by })}</span>
        ) : (
          room && t("rooms.id", { room })
        )}
      </p>
    </form>
  );
}

function Refusal({ error, room }: { error: WireError; room: RoomId | undefined }): ReactNode {
  const t = useWords();
  const locale = useLocale();
  if (error.code === "room_exists" && room) {
    const enter = (
      <Link href={roomPath(room)} className="underline underline-offset-4">
        {t("rooms.enter")}
      </Link>
    );
    return <Sentence of="rooms.exists" values={{ enter }} />;
  }
  if (error.code !== "rate_limited") return t("rooms.failed", { reason: t(`error.${error.code}`) });
  if (error.retryAfterMs === undefined) return t("rooms.tooMany");
  return t("rooms.tooOften", { when: relativeTime(error.retryAfterMs, locale) });
}
