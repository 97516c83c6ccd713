import type { Locale } from "../../protocol/locales";

/** Enough to tell a text's language by. */
const lookedAt = 500;

/** Code, addresses, and the shrug and its like (`¯\_(ツ)_/¯`, `ヽ(´ー`)ノ`) are in no language. */
const noWords = /```[\s\S]*?(?:```|$)|`[^`\n]+`|https?:\/\/\S+|(?<![\p{L}ー])[ツシノヽﾉ](?![\p{L}ー])/giu;

/**
 * The language of a visitor's text or name, by its script, for the element's `lang`: voices, glyphs and line breaks
 * follow it. Undefined where the page's own language is right, or the script does not tell.
 *
 * - Hangul is Korean, also among some Han; but a Japanese or Chinese text may quote a Korean word.
 * - Kana, with or without Han, is Japanese.
 * - Han alone is Japanese on a Japanese page, and Chinese elsewhere: Koreans write it in passing only.
 * - Latin letters are left to an English page. On another one, plain ones are most likely English.
 */
export function textLanguage(text: string, page: Locale): string | undefined {
  const language = languageByScript(text.slice(0, lookedAt).replace(noWords, " "), page);
  return language === page ? undefined : language;
}

function languageByScript(text: string, page: Locale): string | undefined {
  const count = (script: RegExp): number => text.match(script)?.length ?? 0;
  const hangul = count(/\p{Script=Hangul}/gu);
  const kana = count(/[\p{Script=Hiragana}\p{Script=Katakana}]/gu);
  const han = count(/\p{Script=Han}/gu);
  const isMixedKorean = kana === 0 && han <= 4 * hangul;
  if (hangul > 0 && (isMixedKorean || hangul >= kana + han)) return "ko";
  if (kana > 0) return "ja";
  if (han > 0) return page === "ja" ? "ja" : "zh";
  return isPlainLatin.test(text) && twoLetters.test(text) ? "en" : undefined;
}

/** Letters with marks belong to other languages. */
const isPlainLatin = /^[\P{L}A-Za-z]*$/u;
/** A single letter, or a laugh such as `www`, tells nothing. */
const twoLetters = /([A-Za-z])(?!\1)[A-Za-z]/i;
