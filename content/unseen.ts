import { isBlank, unseen } from "../protocol/text";

/** Which of them change how the letters beside them are drawn; emoji are taken out before. */
const joining = String.raw`\u200C\u200D\uFE0E\uFE0F\u{E0100}-\u{E01EF}`;
const emoji = /\p{RGI_Emoji}/gv;

const faults: readonly (readonly [pattern: RegExp, says: string])[] = [
  [/\p{Cs}|\uFFFD/u, "has a broken character: write the text again"],
  [/[[\p{Cc}\p{Zl}\p{Zp}]--[\n\t]]/v, "has a control character"],
  [/\p{Bidi_Control}/u, "has an invisible character that turns the direction of writing"],
  [new RegExp(`[[${unseen}]--[${joining}]]`, "v"), "has an invisible character"],
];

/** The end of a sentence about characters that a reader cannot see, or undefined. They come with texts that are pasted. */
export function unseenFault(text: string): string | undefined {
  if (isBlank(text.replace(emoji, "x"))) return "has nothing that can be seen";
  const rest = text.replace(emoji, "");
  return faults.find(([pattern]) => pattern.test(rest))?.[1];
}
