import { useState } from "react";
import { Dialog } from "../../ui/dialog";
import { Switch } from "../../ui/switch";
import { useWords } from "../../words/words";
import { HiddenList } from "../members/hidden-list";
import { useAlertSettings } from "./alert-settings";
import { knock } from "./knock";
import { canNotify, dismissNoteWorker, openNoteWorker } from "./note-worker";
import { saveAlertSettings } from "./save-alert-settings";

type Permission = NotificationPermission | "unable";

const permissionNow = (): Permission => (canNotify() ? Notification.permission : "unable");

/** Asks for the permission, then registers the worker, which the browser may refuse. */
async function askForNotes(): Promise<Permission> {
  const answer = await Notification.requestPermission();
  if (answer !== "granted") return answer;
  return openNoteWorker().then(
    () => answer,
    () => "unable",
  );
}

/** How the visitor is alerted of messages that come while they look elsewhere, and whom they have hidden. */
export default function AlertDialog({ onClose }: { onClose: () => void }) {
  const t = useWords();
  const { sound, notes } = useAlertSettings();
  const [permission, setPermission] = useState(permissionNow);
  const [isAsked, setAsked] = useState(false);
  const isNotifying = notes && permission === "granted";

  function toggleSound(): void {
    saveAlertSettings({ sound: !sound });
    // Lets the visitor hear the sound, within the gesture that browsers require before a page may play any.
    if (!sound) void knock();
  }

  async function toggleNotes(): Promise<void> {
    if (isNotifying) {
      saveAlertSettings({ notes: false });
      return dismissNoteWorker();
    }
    const answer = await askForNotes();
    setPermission(answer);
    setAsked(true);
    saveAlertSettings({ notes: answer === "granted" });
  }

  return (
    <Dialog shape="sheet" title={t("alerts.title")} closeLabel={t("chat.close")} onClose={onClose}>
      <p className="fine-print alert-note">{t("alerts.lead")}</p>
      <div className="alert-switches">
        <Switch label={t("alerts.sound")} isOn={sound} onToggle={toggleSound} />
        <Switch
          label={t("alerts.notes")}
          isOn={isNotifying}
          isDisabled={permission === "unable"}
          onToggle={toggleNotes}
          note={
            permission === "unable" || permission === "denied"
              ? t(`alerts.${permission}`)
              : isAsked && permission === "default" && t("alerts.unanswered")
          }
        />
      </div>
      <p className="fine-print alert-note">{t("alerts.holds")}</p>
      <HiddenList />
    </Dialog>
  );
}
