import { useEffect, useState } from "react";
import type { RoomId } from "../../../protocol/events";
import { keepAsking } from "../../ui/keep-asking";
import { useWords } from "../../words/words";
import type { HiddenVisitors } from "../members/hidden-visitors";
import type { ChatState } from "../state/chat-state";
import { useAlertSettings } from "./alert-settings";
import type { Alerter } from "./alerter";

type AlertedRoom = { room: RoomId; title: string; hidden: HiddenVisitors };

/** Alerts of messages that come while the visitor looks elsewhere. Its code loads only if alerts are on. */
export function useAlerts(state: ChatState, { room, title, hidden }: AlertedRoom): void {
  const t = useWords();
  const settings = useAlertSettings();
  const [alerter, setAlerter] = useState<Alerter>();
  const isOn = settings.sound || settings.notes;

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
    alerter?.hear({ state, viewer: { self: state.presence.self?.id, hidden }, title, settings, t }),
  );
}
