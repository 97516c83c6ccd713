import { IconButton } from "../../ui/icon-button";
import { useOnDemand } from "../../ui/on-demand";
import { useWords } from "../../words/words";
import { isAlerting, useAlertSettings } from "./alert-settings";

const loadDialog = () => import("./alert-dialog");

/** Opens the settings for sound and notifications; coloured while either is on. */
export function AlertBell() {
  const t = useWords();
  const settings = useAlertSettings();
  const dialog = useOnDemand(loadDialog);
  return (
    <>
      <IconButton
        label={t("alerts.title")}
        className={isAlerting(settings) ? "alerts-on" : ""}
        onClick={dialog.show}
        icon="bell"
      />
      {dialog.Part && <dialog.Part onClose={dialog.hide} />}
    </>
  );
}
