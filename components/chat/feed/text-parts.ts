import { countGraphemes } from "../../../protocol/text";

/** A message's text in parts. Nothing else is markup, and every part stays text. */
export type TextPart = { kind: "text" | "code" | "block" | "link"; text: string };

const marked =
  /\n?```(?:(?:bash|c|c\+\+|css|go|html|java|js|json|jsx|php|py|python|ruby|rust|sh|sql|ts|tsx|xml|ya?ml)\n)?\n?([\s\S]+?)\n?```\n?|`([^`\n]+)`|(https?:\/\/[^\s<>"'`\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]{1,2000})/gi;

/** What ends a sentence around an address, not the address. */
const sentenceEnds = new Set(".,!?;:…。、，！？；：」』】》〉");
const openedBy = new Map([
  [")", "("],
  ["]", "["],
  ["）", "（"],
]);

export function partsOfText(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let done = 0;
  const add = (kind: TextPart["kind"], part: string): void => void (part && parts.push({ kind, text: part }));
  for (const match of text.matchAll(marked)) {
    const [whole, block, code, address] = match;
    add("text", text.slice(done, match.index));
    done = match.index + whole.length;
    if (block) add("block", block);
    else if (code) add("code", code);
    else if (address) done -= addLink(address, add);
  }
  add("text", text.slice(done));
  return parts;
}

/** Whatever stands before an @ would be read as the site, and is not. */
const isHonest = (link: string): boolean => URL.canParse(link) && new URL(link).username === "";

/** Returns how many of the characters at the end do not belong to the address. */
function addLink(address: string, add: (kind: TextPart["kind"], part: string) => void): number {
  const link = withoutTrailing(address);
  add(isHonest(link) ? "link" : "text", link);
  return address.length - link.length;
}

/** Cuts sentence marks and closing brackets without an opening one, in one pass: strangers write these texts. */
function withoutTrailing(address: string): string {
  const characters = [...address];
  const count = (wanted: string): number => characters.filter((character) => character === wanted).length;
  const surplus = new Map(Array.from(openedBy, ([close, open]) => [close, count(close) - count(open)]));
  let end = characters.length;
  for (; end > 0; end -= 1) {
    const last = characters[end - 1] ?? "";
    const unopened = surplus.get(last) ?? 0;
    if (unopened > 0) surplus.set(last, unopened - 1);
    else if (!sentenceEnds.has(last)) break;
  }
  return characters.slice(0, end).join("");
}

const someEmoji = /^(\p{RI}{2}|\p{ExtPict}(\p{EMod}|\ufe0f|\u200d\p{ExtPict}|[\u{e0020}-\u{e007f}])*){1,3}$/u;

/** Up to three: a reaction rather than a text. What is longer than any three is not searched. */
export const isEmojiAlone = (text: string): boolean => text.length < 60 && someEmoji.test(text);

/** More than about a phone's screen. */
const longLines = 18;
const longCharacters = 900;

export const isLong = (text: string): boolean =>
  (text.length > longCharacters && countGraphemes(text) > longCharacters) ||
  text.split("\n").length > longLines;
