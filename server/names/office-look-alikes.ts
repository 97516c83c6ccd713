const tableOf = (groups: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    groups.flatMap(([reads = "", ...others]) => others.map((other): [string, string] => [other, reads])),
  );

/** Han letters that read as another one: 菅 is a family name, so only words for those who run the site are read in this way. */
const han = tableOf(["管菅官", "理埋哩", "運連", "営營营", "者煮", "式弍弐", "編偏遍徧", "部陪"]);

/** Syllables of Korean that do: 관리쟈. Not 윤 for 운, since 김윤영자 is a name. */
const hangul = tableOf(["관괸", "리릐", "자쟈좌", "쓴슨"]);

const readBy = (table: Readonly<Record<string, string>>) => (text: string) =>
  text.replace(/./gu, (letter) => table[letter] ?? letter);

export const readHan = readBy(han);
export const readHangul = readBy(hangul);
