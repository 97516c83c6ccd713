import { useState } from "react";
import { Dialog } from "../../ui/dialog";
import { Switch } from "../../ui/switch";
import { useWords } from "../../words/words";
import { HiddenList } from "../members/hidden-list";
import { useAlertWishes } from "./alert-wishes";
import { knock } from "./knock";
import { canNotify, dismissNoteWorker, openNoteWorker } from "./note-worker";
import { wish } from "./wish";

type Permission = NotificationPermission | "unable";

const permissionNow = (): Permission => (canNotify() ? Notification.permission : "unable");

/** Asks the reader, and then the browser, which may have no place for a worker. */
async function askForNotes(): Promise<Permission> {
  const answer = await Notification.requestPermission();
  if (answer !== "granted") return answer;
  return openNoteWorker().then(
    () => answer,
    () => "unable",
  );
}

/** How one is told of what others write while one looks elsewhere, and whom one has hidden. */
export function AlertSettings({ onClose }: { onClose: () => void }) {
  const t = useWords();
  const { sound, notes } = useAlertWishes();
  const [permission, setPermission] = useState(permissionNow);
  const [isAsked, setAsked] = useState(false);
  const isNotifying = notes && permission === "granted";

  function toggleSound(): void {
    wish({ sound: !sound });
    // It is heard what it is like, and the browser learns that it is wanted.
    if (!sound) void knock();
  }

  async function toggleNotes(): Promise<void> {
    if (isNotifying) {
      wish({ notes: false });
      return dismissNoteWorker();
    }
    const answer = await askForNotes();
    setPermission(answer);
    setAsked(true);
    wish({ notes: answer === "granted" });
  }

  return (
    <Dialog shape="sheet" title={t("alerts.title")} closeLabel={t("chat.close")} onClose={onClose}>
      <p className="mt-2 text-small text-faint">{t("alerts.lead")}</p>
      <div className="mt-3">
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
      <p className="mt-2 text-small text-faint">{t("alerts.holds")}</p>
      <HiddenList />
    </Dialog>
  );
}
