/** A time as `Intl` writes it, without the space that it sets before a Japanese word: Japanese has none. */
export const joined = (time: string, locale: string): string =>
  locale.startsWith("ja") ? time.replace(/(?<=\d) (?=\p{Script=Han})/gu, "") : time;
