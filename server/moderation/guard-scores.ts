import type { GuardSign } from "../../protocol/events";

/**
 * O-7: what each sign counts. One that is certain is enough by itself under `mild`; the others are also seen in honest talk,
 * so that two of them are needed there.
 */
export const guardScores: Record<GuardSign, number> = {
  /** The owner has listed the word. */
  word: 100,
  /** A list of links is mostly an advertisement, but members do collect sources. */
  manyLinks: 60,
  /** A new id costs nothing, and most that post links at once are programs. With many links it is enough. */
  newcomerLink: 45,
  /** Impatience repeats a message too; one with a newcomer's link three times is an advertisement. */
  repeats: 55,
  /** A class or a fan club says the same together; with a newcomer's link, or again and again, it is a flood. */
  copies: 55,
  /**
   * A class behind one address comes at once as well. It says different things, or one thing once: so the sign is not enough
   * with one of `repeats`, `copies` and `newcomerLink`, only with what no class writes.
   */
  flood: 40,
  /** Stacked marks draw over other lines; hidden characters carry what no reader sees. Some scripts come near it. */
  unreadable: 60,
};

/** The score from which a message is withheld. Under `strict` one sign is enough. */
export const guardBounds = { mild: 100, strict: 40 };

/** More links than this are many. */
export const fewLinks = 2;
/** The third message with one text, by one visitor; and the third visitor of one network with it. */
export const fewCopies = 2;
/** An answer is given again and again in honest talk; its tenth copy by one visitor is none. */
export const fewShortCopies = 9;
/** How long texts are remembered for that. */
export const copiesMs = 10 * 60_000;
/** How much a letter says: a syllable of Korean as much as two Latin letters. Digits and signs say nothing. */
export const letterWeights: readonly (readonly [script: RegExp, weight: number])[] = [
  [/[\uac00-\ud7a3]/u, 9],
  [/\p{Script=Han}/u, 12],
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, 6],
  [/[\p{L}\p{M}]/u, 5],
];
/** Fourteen Latin letters, eight syllables of Korean. Shorter texts are greetings and answers, which everybody writes. */
export const leastCopied = 70;
/** Four Latin letters. Shorter ones are not counted at all: `yes`, 네. */
export const leastRepeated = 20;
/** Nor is laughter, `ㅋㅋㅋㅋ` or `hahaha`: up to this length, of no more different characters than that. */
export const laughter = { length: 100, characters: 2 };
/** The thirteenth newcomer of one network that writes within that time. A class seldom types so fast, a program always. */
export const fewNewcomers = 12;
export const floodMs = 10_000;
/** No script stacks so many marks on a letter. */
export const mostMarks = 4;
/** Of a text's characters, this share that draws nothing is not by accident. */
export const mostUnseenShare = 0.25;
