import { Icon } from "../../ui/icon";
import { IconButton } from "../../ui/icon-button";
import { useOnDemand } from "../../ui/on-demand";
import { useWords } from "../../words/words";
import { isAlerting, useAlertWishes } from "./alert-wishes";

const loadSettings = () => import("./alert-settings").then(({ AlertSettings }) => AlertSettings);

/** Opens the settings for sound and notifications; coloured while either is on. */
export function AlertBell() {
  const t = useWords();
  const wishes = useAlertWishes();
  const settings = useOnDemand(loadSettings);
  return (
    <>
      <IconButton
        label={t("alerts.title")}
        className={isAlerting(wishes) ? "alerts-on" : ""}
        onClick={settings.show}
      >
        <Icon name="bell" />
      </IconButton>
      {settings.Part && <settings.Part onClose={settings.hide} />}
    </>
  );
}
