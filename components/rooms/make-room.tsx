import { type ReactNode, useState } from "react";
import type { Room, RoomId, WireError } from "../../protocol/events";
import { roomPath } from "../chat/room-address";
import { FieldForm } from "../ui/field-form";
import { PageLink } from "../ui/page-link";
import { Sentence, type Translate, useWords } from "../words/words";
import { measureTitle } from "./room-title";
import type { RoomsClient } from "./rooms-client";
import { TimeLeft } from "./time-left";

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
          <Refusal error={error} room={room} onOver={() => setError(undefined)} />
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

type RefusalProps = { error: WireError; room: RoomId | undefined; onOver: () => void };

function Refusal({ error, room, onOver }: RefusalProps): ReactNode {
  const t = useWords();
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
  const { code, retryAfterMs, scope } = error;
  if (code === "rate_limited" && retryAfterMs !== undefined)
    return (
      <span className="alarm">
        <Sentence
          of={scope === "newcomer" ? "rooms.newcomer" : "rooms.tooOften"}
          values={{ when: <TimeLeft ms={retryAfterMs} onOver={onOver} /> }}
        />
      </span>
    );
  return <span className="alarm">{sentenceOf(error, t)}</span>;
}

function sentenceOf({ code }: WireError, t: Translate): string {
  if (code === "name_taken") return t("rooms.titleTaken");
  if (code === "bad_request") return t("rooms.titleRefused");
  if (code === "forbidden") return t("rooms.notMade");
  return code === "rate_limited" ? t("rooms.tooMany") : t("rooms.failed", { reason: t(`error.${code}`) });
}
