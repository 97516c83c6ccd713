import { useState } from "react";
import { Dialog } from "../../ui/dialog";
import { Switch } from "../../ui/switch";
import { useWords } from "../../words/words";
import { HiddenList } from "../members/hidden-list";
import { useAlertWishes } from "./alert-wishes";
import { knock } from "./knock";
import { wish } from "./wish";

/** Android's browsers let only a service worker notify; there a page's own notification is an error. */
const canNotify = (): boolean => "Notification" in window && !/Android/.test(navigator.userAgent);

type Permission = NotificationPermission | "unable";

const permissionNow = (): Permission => (canNotify() ? Notification.permission : "unable");

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
    if (isNotifying) return wish({ notes: false });
    const answer = await Notification.requestPermission();
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
      <HiddenList />
    </Dialog>
  );
}
