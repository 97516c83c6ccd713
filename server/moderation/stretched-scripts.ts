/** Undoes what people do to the letters of Korean and Japanese words, and read through. */

const initials = [..."ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"];
const vowels = [..."ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"];
const finals = ["", ..."ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"];
const firstSyllable = 0xac00;
/** A consonant before another vowel begins the next syllable. */
const spelt = /([ㄱ-ㅎ])([ㅏ-ㅣ])(?:([ㄱ-ㅎ])(?![ㅏ-ㅣ]))?/gu;

/** `ㅂㅕㅇㅅㅣㄴ`: letters of Korean that stand alone as syllables. Unicode composes none with a final consonant. */
export const withSyllables = (text: string): string =>
  text.replace(spelt, (letters, initial: string, vowel: string, final = "") => {
    const [first, middle, last] = [initials.indexOf(initial), vowels.indexOf(vowel), finals.indexOf(final)];
    if (first < 0 || middle < 0) return letters;
    const syllable = String.fromCharCode(
      firstSyllable + (first * vowels.length + middle) * finals.length + Math.max(last, 0),
    );
    return last < 0 ? syllable + final : syllable;
  });

/** `は゛か`: a sound mark that stands by itself belongs to the kana before it. */
export const withSoundMarks = (text: string): string =>
  text.replaceAll("\u309b", "\u3099").replaceAll("\u309c", "\u309a");

const kanaBy: readonly (readonly [vowels: string, kana: string])[] = [
  ["あぁ", "あかさたなはまやらわがざだばぱ"],
  ["いぃ", "いきしちにひみりぎじぢびぴ"],
  ["うぅ", "うくすつぬふむゆるぐずづぶぷ"],
  ["えぇ", "えけせてねへめれげぜでべぺ"],
  ["おぉ", "おこそとのほもよろをごぞどぼぽ"],
];
/** ー belongs to words in katakana (バーカウンター), and only stretches those in hiragana. */
const longKana = new RegExp(
  [
    String.raw`(?<=\p{Script=Hiragana})ー+`,
    String.raw`(?<=[\p{Script=Hiragana}\p{Script=Katakana}])[〜～]+(?=[\p{Script=Hiragana}\p{Script=Katakana}])`,
    ...kanaBy.map(([[full, small], kana]) => `(?<=[${kana}])(?:${small}+|${full}{2,})`),
  ].join("|"),
  "gu",
);
const longSyllable = new RegExp(
  vowels
    .map((vowel, index) => {
      const open = initials.map((_, initial) =>
        String.fromCharCode(firstSyllable + (initial * vowels.length + index) * finals.length),
      );
      return `(?<=[${open.join("")}])(?:${vowel}+|${open[initials.indexOf("ㅇ")]}{2,})`;
    })
    .join("|"),
  "gu",
);
const longRow = /([\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Han}])\1{2,}/gu;

/** `ばーか`, `うざぁい`, `씨이이발`, `바보보보`: without what only makes a vowel or a syllable longer. */
export const unstretchedScripts = (text: string): string =>
  text.replace(longKana, "").replace(longSyllable, "").replace(longRow, "$1");
