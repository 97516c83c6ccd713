import { unseen } from "../../protocol/text";
import { ChatError } from "../errors";

/** Where a character that draws nothing changes its neighbours, so that a name is misspelt without it. */
const meaningful = new RegExp(
  [
    // ❤️, 1️⃣
    /(?<=\p{Emoji})[\uFE0E\uFE0F]/v,
    // 👩‍🚀, 👩🏽‍🚀
    /(?<=\p{Extended_Pictographic}[\p{Emoji_Modifier}\uFE0F]?)\u200D(?=\p{Extended_Pictographic})/v,
    // The flags of countries within a country.
    /(?<=\u{1F3F4})[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{3,6}\u{E007F}/v,
    // Persian and its neighbours part the letters of a word.
    /(?<=[\p{L}&&\p{Script=Arabic}]\p{M}*)\u200C(?=[\p{L}&&\p{Script=Arabic}])/v,
    // Behind an Indic virama it chooses how the letters beside it are drawn (RFC 5892, A.1 and A.2).
    /(?<=[\u094D\u09CD\u0A4D\u0ACD\u0B4D\u0BCD\u0C4D\u0CCD\u0D4D\u0DCA])[\u200C\u200D](?![\p{M}\u200C\u200D])/v,
    // Bengali: a ra that keeps its shape before a ya.
    /(?<=\u09B0)\u200D(?=\u09CD)/v,
    // Variants of a Han letter that families insist on.
    /(?<=\p{Script=Han})[\u{E0100}-\u{E01EF}]/v,
  ]
    .map(({ source }) => source)
    .join("|"),
  "gv",
);

/** Checked in order, after NFC and after removing the allowed joiners; the first match is reported. */
const faults: readonly (readonly [pattern: RegExp, message: string])[] = [
  [/[\p{Cc}\p{Zl}\p{Zp}]/u, "A name has no line breaks and no control characters."],
  [/\p{Bidi_Control}/u, "A name has no characters that turn the direction of writing."],
  [new RegExp(`[${unseen}]`, "u"), "A name has no invisible characters."],
  // Each of them is the same empty box to most readers. What will be an emoji one day is one already on newer devices.
  [
    /[\p{Co}\p{Cs}\uFFFC\uFFFD[\p{Cn}--\p{Extended_Pictographic}]]/v,
    "A name has no characters that cannot be shown.",
  ],
  [/(?:^|\p{Z})\p{M}/u, "A mark in a name stands on a letter."],
  // At most two of those that go with every script, three of a script's own. In Myanmar and Tibetan five: vowels and
  // second consonants are marks there.
  [
    /[\p{M}&&\p{Script=Inherited}]{3}|[\p{M}--[\p{Script=Myanmar}\p{Script=Tibetan}]]{4}|\p{M}{6}/v,
    "A name has at most three marks on one letter.",
  ],
];

/**
 * One line that a reader can see, as names and titles are (ID-3a, C-6): as asked, but for white space, which is dropped
 * at the ends and one plain space inside. Throws ChatError("bad_request") that names its fault and never quotes it. The
 * caller bounds its bytes first. A text has `isBlank` (protocol/text.ts): it only has to show something.
 */
export function visibleLine(kind: "name" | "title", asked: string): string {
  const composed = asked.normalize("NFC").replace(meaningful, "");
  for (const [pattern, message] of faults)
    if (pattern.test(composed)) throw new ChatError("bad_request", message.replace("name", kind));
  return asked.trim().replace(/\s+/gu, " ");
}
