import { countGraphemes } from "../../../protocol/text";
import { addressIn, addressRun, isHonest } from "./addresses";

/** A message's text in parts. Nothing else is markup, and every part stays text. */
export type TextPart = { kind: "text" | "code" | "block" | "link"; text: string };

/** \x60 is a backtick. An address is matched by lookahead only, since the next one may begin inside the run. */
const marked = new RegExp(
  String.raw`\n?\x60{3}(?:(?:bash|c|c\+\+|css|go|html|java|js|json|jsx|php|py|python|ruby|rust|sh|sql|ts|tsx|xml|ya?ml)\n)?\n?([\s\S]+?)\n?\x60{3}\n?|\x60([^\x60\n]+)\x60|(?=(${addressRun}))http`,
  "giu",
);

/** Twice as many as the longest honest text has; a text made only of addresses would block the page. */
const maxParts = 400;

export function partsOfText(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let done = 0;
  const add = (kind: TextPart["kind"], part: string): void => void (part && parts.push({ kind, text: part }));
  for (const match of text.matchAll(marked)) {
    const [whole, block, code, run] = match;
    const { index } = match;
    if (parts.length > maxParts) break;
    // This address lies within the one before.
    if (index < done) continue;
    add("text", text.slice(done, index));
    done = index + whole.length;
    if (block) add("block", block);
    else if (code) add("code", code);
    else if (run) {
      const address = addressIn(run, text[index - 1]);
      add(isHonest(address, run, text.slice(index + run.length)) ? "link" : "text", address);
      done = index + address.length;
    }
  }
  add("text", text.slice(done));
  return parts;
}

const someEmoji = /^(\p{RI}{2}|\p{ExtPict}(\p{EMod}|\ufe0f|\u200d\p{ExtPict}|[\u{e0020}-\u{e007f}])*){1,3}$/u;

/** One to three emoji: a reaction rather than a text. A text longer than any three emoji is not searched. */
export const isEmojiAlone = (text: string): boolean => text.length < 60 && someEmoji.test(text);

/** About a phone's screen: `longLines` as they were written, or `mostLines` as the narrowest screen wraps them. */
const longLines = 18;
const mostLines = 40;
const narrowColumns = 32;
const longCharacters = 900;

export function isLong(text: string): boolean {
  const lines = text.split("\n");
  const broken = lines.reduce((sum, line) => sum + Math.ceil(columns(line) / narrowColumns), 0);
  return (
    lines.length > longLines ||
    broken > mostLines ||
    (text.length > longCharacters && countGraphemes(text) > longCharacters)
  );
}

/** The width in columns: Hangul, kana, Han and full-width signs take two, marks none. */
const columns = (line: string): number => line.replace(/\p{M}|([\u1100-\uffff])/gu, "$1$1").length;
