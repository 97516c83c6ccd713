import { type AlertWishes, keptWishes } from "./alert-wishes";

/** Saves a change of the alert settings. */
export function wish(news: Partial<AlertWishes>): void {
  const { sound, notes } = { ...keptWishes.get(), ...news };
  keptWishes.keep([sound && "sound", notes && "notes"].filter(Boolean).join(" ") || undefined);
}
