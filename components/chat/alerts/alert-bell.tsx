import { Icon } from "../../ui/icon";
import { IconButton } from "../../ui/icon-button";
import { useOnDemand } from "../../ui/on-demand";
import { useWords } from "../../words/words";
import { useAlertWishes } from "./alert-wishes";

const loadSettings = () => import("./alert-settings").then(({ AlertSettings }) => AlertSettings);

/** The browser's permission may have been taken back since. */
const mayNotify = (): boolean => "Notification" in window && Notification.permission === "granted";

/** The way to sound and notifications; it is coloured when there are any. */
export function AlertBell() {
  const t = useWords();
  const { sound, notes } = useAlertWishes();
  const settings = useOnDemand(loadSettings);
  return (
    <>
      <IconButton
        label={t("alerts.title")}
        className={sound || (notes && mayNotify()) ? "alerts-on" : ""}
        onClick={settings.show}
      >
        <Icon name="bell" />
      </IconButton>
      {settings.Part && <settings.Part onClose={settings.hide} />}
    </>
  );
}
