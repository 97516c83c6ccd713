import { keepInBrowser, useKept } from "../client/browser-kept";
import { localStore } from "../client/storage";

/** What this browser's reader wants when others write while they look elsewhere. Nothing, until it is asked for. */
export type AlertWishes = { sound: boolean; notes: boolean };

const read = (written = ""): AlertWishes => ({
  sound: written.includes("sound"),
  notes: written.includes("notes"),
});

/** The browser's permission may have been taken back since. */
const mayNotify = (): boolean => "Notification" in window && Notification.permission === "granted";

export const isAlerting = ({ sound, notes }: AlertWishes): boolean => sound || (notes && mayNotify());

export const keptWishes = keepInBrowser(localStore, "madang:alerts", read);

const none = read();

export const useAlertWishes = (): AlertWishes => useKept(keptWishes, none);
