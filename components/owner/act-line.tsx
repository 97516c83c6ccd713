import type { Act } from "../../protocol/events";
import css from "../../styles/owner/act-line.module.css";
import { IsolatedText, Sentence, useWords, type WordKey } from "../words/words";
import { Ending, Place } from "./extent";
import { Moment } from "./moment";
import { reasonOf } from "./reason-of";
import { RoomName } from "./room-name";
import { VisitorName } from "./visitor-name";

/** Acts whose sentence is named after the command. */
const plain = [
  "owner:claim",
  "owner:resign",
  "messages:clear",
  "message:remove",
  "room:rules",
  "room:rename",
  "room:close",
  "room:export",
  "guard:words",
  "sanction:lift",
] as const;

/** One act of the owner or a moderator, as a sentence. */
export function ActLine({ act }: { act: Act }) {
  const t = useWords();
  const { by, did, visitor, room, removed, until, reason } = act;
  return (
    <p className={css.act}>
      <Sentence
        of={sentenceOf(act)}
        values={{
          by: <VisitorName id={by} />,
          ...(visitor !== undefined && { visitor: <VisitorName id={visitor} /> }),
          ...(room !== undefined && { room: <RoomName room={room} /> }),
          count: <span>{removed}</span>,
          place: <Place room={room} />,
          end: <Ending until={until} />,
          did: <code>{did}</code>,
        }}
      />
      {reason && (
        <IsolatedText className={css.reason}>
          {t("owner.act.reason", { reason: reasonOf(reason, t) })}
        </IsolatedText>
      )}
      <span className={css.when}>
        <Moment at={act.at} />
      </span>
    </p>
  );
}

function sentenceOf({ did, kind, isOn }: Act): WordKey {
  if (did === "sanction:set" && kind) return `owner.act.${kind}`;
  if (did === "moderator:set") return isOn ? "owner.act.moderator:set" : "owner.act.moderator:unset";
  if (did === "report:settle") return isOn ? "owner.act.report:publish" : "owner.act.report:settle";
  const known = plain.find((each) => each === did);
  return known === undefined ? "owner.act.other" : `owner.act.${known}`;
}
