import { useRef, useState } from "react";
import type { ListedRoom, Room, RoomRules } from "../../protocol/events";
import { lobbyId } from "../../protocol/limits";
import css from "../../styles/owner/room-item.module.css";
import { MemberCount } from "../chat/members/member-count";
import RoomSettings from "../chat/moderation/room-settings";
import { ActiveAgo } from "../rooms/active-ago";
import { Confirm } from "../ui/confirm";
import { type Translate, useWords } from "../words/words";
import { RoomExport } from "./room-export";
import { RoomName } from "./room-name";
import { useStaff } from "./staff-context";
import { useAct } from "./use-acts";

type Doing = "nothing" | "setting" | "closing" | "exporting";

/** A room: its members, its rules, and the acts on it. */
export function RoomItem({ room }: { room: ListedRoom }) {
  const t = useWords();
  const { ask, overview, refresh, titleOf } = useStaff();
  const act = useAct();
  const opener = useRef<HTMLButtonElement>(null);
  const [doing, setDoing] = useState<Doing>("nothing");
  const rules = rulesOf(room.rules ?? {}, t);

  return (
    <li className={css.room}>
      <p className={css.title}>
        <RoomName room={room.id} title={room.title} />
      </p>
      <p className={css.facts}>
        {room.memberCount > 0 && <MemberCount count={room.memberCount} />}
        <ActiveAgo at={room.lastEntryAt} now={Date.now()} />
        {rules.map((rule) => (
          <span key={rule} className={css.rule}>
            {rule}
          </span>
        ))}
      </p>
      {doing === "closing" ? (
        <Confirm
          question={t("room.closeAsk")}
          yes={t("room.close")}
          no={t("room.keep")}
          act={() => act(ask("room:close", { room: room.id }), "owner.rooms.closed")}
          onNo={() => setDoing("nothing")}
        />
      ) : (
        <p className={css.tools}>
          <button ref={opener} type="button" className="text-button" onClick={() => setDoing("setting")}>
            {t("owner.rooms.settings")}
          </button>
          {overview.role === "owner" && (
            <button
              type="button"
              aria-expanded={doing === "exporting"}
              className="text-button"
              onClick={() => setDoing(doing === "exporting" ? "nothing" : "exporting")}
            >
              {t("owner.rooms.export")}
            </button>
          )}
          {room.id !== lobbyId && (
            <button type="button" className="text-button" onClick={() => setDoing("closing")}>
              {t("owner.rooms.close")}
            </button>
          )}
        </p>
      )}
      {doing === "exporting" && <RoomExport room={room.id} />}
      {doing === "setting" && (
        <RoomSettings
          room={{ ...(room as Room), title: titleOf(room.id, room.title) }}
          ask={ask}
          mayRule
          onClose={() => {
            setDoing("nothing");
            opener.current?.focus();
            refresh();
          }}
        />
      )}
    </li>
  );
}

/** What restricts the room, in a few words each. */
function rulesOf({ slowMs, writers, links, welcome }: RoomRules, t: Translate): string[] {
  return [
    ...(slowMs ? [t("owner.rooms.slow")] : []),
    ...(writers ? [t(`owner.rooms.writers.${writers}`)] : []),
    ...(links ? [t(`owner.rooms.links.${links}`)] : []),
    ...(welcome ? [t("owner.rooms.welcome")] : []),
  ];
}
