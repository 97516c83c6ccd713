import { useRouter } from "next/router";
import type { RoomId } from "../../protocol/events";
import { roomIdPattern } from "../../protocol/limits";
import { ConnectionStatus } from "../chat/connection-status";
import { roomPath } from "../chat/room-address";
import { useWords } from "../words/words";
import { MakeRoom } from "./make-room";
import { RoomList } from "./room-list";
import { useRooms } from "./use-rooms";

/** All open rooms, and the form to create another one. */
export function RoomsView({ titles }: { titles: Readonly<Record<RoomId, string>> }) {
  const t = useWords();
  const { client, state } = useRooms();
  const router = useRouter();
  const { make } = router.query;
  const wanted = typeof make === "string" && roomIdPattern.test(make) ? make : undefined;
  return (
    <>
      <h1 className="page-title">{t("nav.rooms")}</h1>
      <p className="page-lead">{t("rooms.lead")}</p>
      <MakeRoom room={wanted} make={client.make} onMade={(room) => router.push(roomPath(room.id))} />
      <h2 id="open-rooms" className="list-title">
        {t("rooms.open")}
      </h2>
      <p className="rooms-listed">{t("rooms.listed")}</p>
      <RoomList rooms={state.rooms} titles={titles} now={state.readAt} labelledBy="open-rooms" />
      <ConnectionStatus state={state} onRetry={client.reconnect} />
    </>
  );
}
