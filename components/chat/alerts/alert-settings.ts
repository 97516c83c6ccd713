import { persistValue, usePersisted } from "../client/persisted-value";
import { localStore } from "../client/storage";

/** Which alerts the visitor wants for messages that come while they look elsewhere. None by default. */
export type AlertSettings = { sound: boolean; notes: boolean };

const read = (written = ""): AlertSettings => ({
  sound: written.includes("sound"),
  notes: written.includes("notes"),
});

/** The visitor may have withdrawn the browser's permission since. */
const mayNotify = (): boolean => "Notification" in window && Notification.permission === "granted";

export const isAlerting = ({ sound, notes }: AlertSettings): boolean => sound || (notes && mayNotify());

export const alertSettings = persistValue(localStore, "madang:alerts", read);

const none = read();

export const useAlertSettings = (): AlertSettings => usePersisted(alertSettings, none);
