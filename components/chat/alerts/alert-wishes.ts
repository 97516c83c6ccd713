import { keepInBrowser, useKept } from "../client/browser-kept";
import { localStore } from "../client/storage";

/** Which alerts the visitor wants for messages that come while they look elsewhere. None by default. */
export type AlertWishes = { sound: boolean; notes: boolean };

const read = (written = ""): AlertWishes => ({
  sound: written.includes("sound"),
  notes: written.includes("notes"),
});

/** The visitor may have withdrawn the browser's permission since. */
const mayNotify = (): boolean => "Notification" in window && Notification.permission === "granted";

export const isAlerting = ({ sound, notes }: AlertWishes): boolean => sound || (notes && mayNotify());

export const keptWishes = keepInBrowser(localStore, "madang:alerts", read);

const none = read();

export const useAlertWishes = (): AlertWishes => useKept(keptWishes, none);
