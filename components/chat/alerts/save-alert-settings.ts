import { type AlertSettings, alertSettings } from "./alert-settings";

/** Saves a change of the alert settings. */
export function saveAlertSettings(patch: Partial<AlertSettings>): void {
  const { sound, notes } = { ...alertSettings.get(), ...patch };
  alertSettings.set([sound && "sound", notes && "notes"].filter(Boolean).join(" ") || undefined);
}
