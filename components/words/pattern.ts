/** One entry of a words file: a sentence, or one sentence per plural form that its language has. */
export type Pattern = string | Partial<Record<Intl.LDMLPluralRule, string>>;
export type Values = Record<string, string | number>;

const placeholder = /\{(\w+)\}/;

/** Picks the sentence for `count`, where there are several. */
export function sentenceOf(pattern: Pattern, locale: string, count: number): string {
  if (typeof pattern === "string") return pattern;
  return pattern[new Intl.PluralRules(locale).select(count)] ?? pattern.other ?? "";
}

/** `"{was} is now {name}"` → `["", "was", " is now ", "name", ""]`: every second part is a placeholder's name. */
export const partsOf = (sentence: string): string[] => sentence.split(placeholder);

export function fill(pattern: Pattern, locale: string, values: Values): string {
  const count = values.count;
  const sentence = sentenceOf(pattern, locale, typeof count === "number" ? count : 0);
  return partsOf(sentence)
    .map((part, index) => (index % 2 ? written(values[part], locale) : part))
    .join("");
}

const written = (value: string | number | undefined, locale: string): string =>
  typeof value === "number" ? value.toLocaleString(locale) : (value ?? "");
