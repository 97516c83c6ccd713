import { type AlertWishes, keptWishes } from "./alert-wishes";

/** Keeps what the reader wants from now on. */
export function wish(news: Partial<AlertWishes>): void {
  const { sound, notes } = { ...keptWishes.get(), ...news };
  keptWishes.keep([sound && "sound", notes && "notes"].filter(Boolean).join(" ") || undefined);
}
