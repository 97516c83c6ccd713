import { isEmojiAlone, partsOfText } from "../../components/chat/feed/text-parts";
import { expect, test } from "../support/plain-test";

const linksIn = (text: string): string[] =>
  partsOfText(text)
    .filter(({ kind }) => kind === "link")
    .map((part) => part.text);

test("only http and https addresses become links, without the sentence's punctuation", () => {
  expect(linksIn("see https://example.com/a?b=1#c, or (http://example.org/wiki/A_(b)).")).toEqual([
    "https://example.com/a?b=1#c",
    "http://example.org/wiki/A_(b)",
  ]);
  expect(linksIn("여기예요: https://example.com/글。")).toEqual(["https://example.com/글"]);
  expect(linksIn("javascript:alert(1) ftp://example.com data:text/html,hi https://")).toEqual([]);
});

test("an address that does not lead where it seems to does not become a link", () => {
  expect(linksIn("https://bank.example@evil.example/ and https://evil.example/\u202egnp.exe")).toEqual([
    "https://evil.example/",
  ]);
});

test("code and code blocks are distinguished, and addresses in them do not become links", () => {
  expect(partsOfText("run `npx https://x.y` or\n```\nline 1\nline 2\n```\nok")).toEqual([
    { kind: "text", text: "run " },
    { kind: "code", text: "npx https://x.y" },
    { kind: "text", text: " or" },
    { kind: "block", text: "line 1\nline 2" },
    { kind: "text", text: "ok" },
  ]);
});

test("a code block may name its language, which is not shown; any other first word is shown", () => {
  expect(partsOfText("```ts\nlet a;\n```")).toEqual([{ kind: "block", text: "let a;" }]);
  expect(partsOfText("```hello\nworld```")).toEqual([{ kind: "block", text: "hello\nworld" }]);
  expect(partsOfText("```js```")).toEqual([{ kind: "block", text: "js" }]);
});

test("the parts of any text without code join to the same text", () => {
  for (const text of ["", "plain", "a https://b.c) d", "<b>no</b> & <script>", "http://a..,,", "x\n\ny\t😀"])
    expect(
      partsOfText(text)
        .map((part) => part.text)
        .join(""),
    ).toBe(text);
});

test("a stranger's attempts to break the page are only text", () => {
  const hostile = [")", "().", ".", "](", "```a", "``` ", "`", "https://a.b ", "https://"].map(
    (part) => `https://x${part.repeat(Math.floor(16_000 / part.length))}`,
  );
  for (const text of hostile) expect(partsOfText(text).length, text.slice(0, 20)).toBeGreaterThan(0);
});

test("up to three emoji alone are distinguished from all other texts", () => {
  for (const text of ["🙂", "👍🏽", "❤️", "🇰🇷🇯🇵", "👩‍👩‍👧", "🎉🎉🎉", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"])
    expect(isEmojiAlone(text), text).toBe(true);
  for (const text of ["", "1", "#", "a", "좋아요 👍", "🙂🙂🙂🙂", "🙂 ", "\u200d", "🇰", "🙂".repeat(2_000)])
    expect(isEmojiAlone(text), text.slice(0, 20)).toBe(false);
});
