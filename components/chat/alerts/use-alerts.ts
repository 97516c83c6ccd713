import { useEffect, useState } from "react";
import type { RoomId } from "../../../protocol/events";
import { keepAsking } from "../../ui/keep-asking";
import { useWords } from "../../words/words";
import type { HiddenVisitors } from "../members/hidden-visitors";
import type { ChatState } from "../state/chat-state";
import { useAlertWishes } from "./alert-wishes";
import type { Alerter } from "./alerter";

type Place = { room: RoomId; title: string; hidden: HiddenVisitors };

/** Alerts of messages that come while the visitor looks elsewhere. Its code loads only if alerts are on. */
export function useAlerts(state: ChatState, { room, title, hidden }: Place): void {
  const t = useWords();
  const wishes = useAlertWishes();
  const [alerter, setAlerter] = useState<Alerter>();
  const isOn = wishes.sound || wishes.notes;

  useEffect(() => {
    if (!isOn) return;
    let opened: Alerter | undefined;
    const stopAsking = keepAsking(
      () => import("./alerter"),
      ({ openAlerter }) => {
        opened = openAlerter(room);
        setAlerter(opened);
      },
    );
    return () => {
      stopAsking();
      opened?.close();
      setAlerter(undefined);
    };
  }, [isOn, room]);

  useEffect(() =>
    alerter?.hear({ state, reader: { self: state.presence.self?.id, hidden }, title, wishes, t }),
  );
}
