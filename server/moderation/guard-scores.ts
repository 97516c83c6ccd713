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
  newcomerLink: 40,
  /** Impatience repeats a message too; one with a newcomer's link three times is an advertisement. */
  repeats: 60,
  /** A class or a fan club says the same together; with a newcomer's link, or again and again, it is a flood. */
  copies: 60,
  /** Stacked marks draw over other lines; hidden characters carry what no reader sees. Some scripts come near it. */
  unreadable: 60,
};

/** The score from which a message is withheld. Under `strict` one sign is enough. */
export const guardBounds = { mild: 100, strict: 40 };

/** More links than this are many. */
export const fewLinks = 2;
/** The third message with one text, by one visitor; and the third visitor of one network with it. */
export const fewCopies = 2;
/** How long texts are remembered for that. */
export const copiesMs = 10 * 60_000;
/** Shorter texts are greetings and answers, which many repeat. */
export const leastCopied = 12;
/** So is laughter, `ㅋㅋㅋㅋ` or `wwww`: up to this length, of no more different characters than that. */
export const laughter = { length: 60, characters: 4 };
/** No script stacks so many marks on a letter. */
export const mostMarks = 4;
/** Of a text's characters, this share that draws nothing is not by accident. */
export const mostUnseenShare = 0.25;
