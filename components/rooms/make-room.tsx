import { type ReactNode, useState } from "react";
import type { Locale, Room, RoomId, WireError } from "../../protocol/events";
import { roomPath } from "../chat/room-address";
import { FieldForm } from "../ui/field-form";
import { PageLink } from "../ui/page-link";
import { Sentence, type Translate, useLocale, useWords } from "../words/words";
import { inTime } from "./ago";
import { measureTitle } from "./room-title";
import type { RoomsClient } from "./rooms-client";

type Props = {
  /** The new room's id; without one the server chooses it. */
  room: RoomId | undefined;
  make: RoomsClient["make"];
  onMade: (room: Room) => void;
};

/** The form that creates a room, which needs only a title. */
export function MakeRoom({ room, make, onMade }: Props) {
  const t = useWords();
  const [title, setTitle] = useState("");
  const [isMaking, setMaking] = useState(false);
  const [error, setError] = useState<WireError>();
  const length = measureTitle(title);

  async function submit(): Promise<void> {
    if (isMaking || length.is !== "fine") return;
    setMaking(true);
    const answer = await make({ title: title.trim(), ...(room && { room }) });
    setMaking(false);
    setError(answer.ok ? undefined : answer.error);
    if (answer.ok) onMade(answer.room);
  }

  return (
    <FieldForm
      id="room-title"
      label={t("rooms.field")}
      value={title}
      missing={t("rooms.missing")}
      isInvalid={length.is === "over"}
      action={t(isMaking ? "rooms.making" : "rooms.make")}
      isDisabled={isMaking || length.is === "over"}
      onChange={(value) => {
        setTitle(value);
        setError(undefined);
      }}
      onSubmit={submit}
      note={
        error ? (
          <Refusal error={error} room={room} />
        ) : length.is === "over" ? (
          <span className="alarm">{t("composer.over", { count: length.by })}</span>
        ) : length.is === "blank" && title.trim() ? (
          <span className="alarm">{t("rooms.titleRefused")}</span>
        ) : (
          room && t("rooms.id", { room })
        )
      }
    />
  );
}

function Refusal({ error, room }: { error: WireError; room: RoomId | undefined }): ReactNode {
  const t = useWords();
  const locale = useLocale();
  if (error.code === "room_exists" && room) {
    const enter = (
      <PageLink href={roomPath(room)} className="underlined-link">
        {t("rooms.enter")}
      </PageLink>
    );
    return (
      <span className="alarm">
        <Sentence of="rooms.exists" values={{ enter }} />
      </span>
    );
  }
  return <span className="alarm">{sentenceOf(error, t, locale)}</span>;
}

function sentenceOf({ code, retryAfterMs, scope }: WireError, t: Translate, locale: Locale): string {
  if (code === "name_taken") return t("rooms.titleTaken");
  if (code === "bad_request") return t("rooms.titleRefused");
  if (code === "forbidden") return t("rooms.notMade");
  if (code !== "rate_limited") return t("rooms.failed", { reason: t(`error.${code}`) });
  if (retryAfterMs === undefined) return t("rooms.tooMany");
  if (scope === "newcomer") return t("rooms.newcomer", { when: inTime(retryAfterMs, locale) });
  return t("rooms.tooOften", { when: inTime(retryAfterMs, locale) });
}
