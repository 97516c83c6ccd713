import { checkBodies } from "../../content/check-bodies";
import { evaluateMarkdown } from "../../content/markdown";
import { readPostFile } from "../../content/post-file";
import { readPosts } from "../../content/posts";
import { expect, test } from "../support/plain-test";
import { drawing, siteFolderWith } from "./site-folder";

const post = (title: string) => `---\ntitle: "${title}"\ndate: 2026-11-21\nsummary: Short\n---\n\nText\n`;

const render = async (text: string, files: Record<string, string> = {}) => {
  const siteFolder = await siteFolderWith({ ...files, "posts/x/en.mdx": text });
  const { file, body } = readPostFile(`${siteFolder}/posts/x/en.mdx`);
  try {
    const { default: content } = await evaluateMarkdown(body, { file, lang: "en", siteFolder });
    const [{ createElement }, { renderToStaticMarkup }] = await Promise.all([
      import("react"),
      import("react-dom/server"),
    ]);
    return renderToStaticMarkup(createElement(content));
  } catch (error) {
    return (error as Error).message.replace(`${siteFolder}/`, "");
  }
};

test("a picture gets its size, so that nothing moves, and loads when it is about to be seen", async () => {
  const files = { "public/yard.svg": drawing(640, 480), "public/a b.svg": drawing(3, 4) };
  const html = await render(
    `${post("x")}![The yard](/yard.svg)\n\n<img src="/a%20b.svg" alt="" width="30" />\n`,
    files,
  );
  expect(html).toContain(
    '<img width="640" height="480" loading="lazy" decoding="async" src="/yard.svg" alt="The yard"/>',
  );
  expect(html).toContain(
    '<img src="/a%20b.svg" alt="" width="30" height="4" loading="lazy" decoding="async"/>',
  );
  expect(html, "the head is not part of the text").not.toContain("Short");
});

test("an unreadable text and a picture that cannot be shown are reported with the line of the file", async () => {
  const from = (text: string) => render(`${post("x")}${text}`);
  expect(await from("![A](/no.png)\n")).toBe(
    "posts/x/en.mdx:8: the picture /no.png does not exist: there is no site/public/no.png",
  );
  expect(await from("Words\n\n![A](https://other.example/a.png)\n")).toMatch(
    /^posts\/x\/en\.mdx:10: the picture https:\/\/other\.example\/a\.png is on another site/,
  );
  expect(await from("![A](yard.png)\n")).toMatch(/:8: the picture yard\.png must begin with a slash/);
  expect(await from("A {brace\n")).toMatch(/^posts\/x\/en\.mdx:\d+: /);
  expect(await from("\n\n<Unclosed>\n")).toMatch(/^posts\/x\/en\.mdx:1[01]: /);
});

const program = "what stands in braces is read as a program: write \\{ for {";
const imported = "a line that begins with import or export is read as a program: begin it with another word";
const noElement = (name: string) =>
  `<${name}> is no element of HTML, whose names have small letters: write \\< for <`;
const wrongElement = "here an element of HTML is begun or closed wrongly: write \\< for <";
const notShown = (name: string) => `<${name}> is not shown: a post has text, links and pictures`;
const noLink = "a link is an address such as https://example.org or /posts/about";

for (const [body, says] of [
  ["import x from './y'", imported],
  ["import tariffs are high", imported],
  ["export const a = 1", imported],
  ["Hello {name}", program],
  ["{process.exit(1)}", program],
  ["A {b c}", program],
  ["<b {...a}>x</b>", program],
  ["<img src={x} />", program],
  ["<Foo />", noElement("Foo")],
  ["<IMG src='/yard.svg' />", noElement("IMG")],
  ["<p style='color:red'>x</p>", "style has no effect: the page takes no colours or sizes from a post"],
  ["<p style={{color:'red'}}>x</p>", "style has no effect: the page takes no colours or sizes from a post"],
  ["<b onClick='x()'>x</b>", "onClick has no effect: a post has no programs"],
  ["<script>alert(1)</script>", notShown("script")],
  ["<iframe src='https://video.example'></iframe>", notShown("iframe")],
  ["<video src='/a.mp4' />", notShown("video")],
  ["<br>x</br>", "<br> has nothing inside: write <br />"],
  ["<br>", "<br> is never closed: an element with nothing inside ends with />, and \\< is written for <"],
  ["I <3 you", wrongElement],
  ["<b>x</i>", wrongElement],
  ["</b>", wrongElement],
  ["<https://a.example>", "a link is written [words](https://example.org), and \\< for <"],
  ["<!-- a remark -->", "a remark is written {/* so */}, and \\< for <"],
  ["[x](javascript:alert(1))", noLink],
  ["[x](file:///C:/notes.txt)", noLink],
  ["<a href={'javascript:x'}>x</a>", noLink],
  ["![A]()", "this picture has no address"],
  [
    "<picture><source srcSet='/no.svg 2x' /><img src='/yard.svg' alt='' /></picture>",
    "the picture /no.svg does not exist: there is no site/public/no.svg",
  ],
] as const)
  test(`a post with ${body} says so, with the line`, async () => {
    const files = { "public/yard.svg": drawing(1, 1) };
    expect(await render(`${post("x")}\n${body}\n`, files)).toBe(`posts/x/en.mdx:9: ${says}`);
    const crlf = `${post("x")}\n${body}\n`.replaceAll("\n", "\r\n");
    expect(await render(crlf, files), "as Windows ends lines").toBe(`posts/x/en.mdx:9: ${says}`);
  });

test("comments, texts in braces, HTML elements, and signs within code are not mistakes", async () => {
  const body =
    '{/* why */}A {"<"} {3} <kbd lang="ko">x</kbd>\n\n`{a} <B>`\n\n```js\nimport x from "y";\n```\n';
  const html = await render(`${post("x")}\n${body}<img src={'/yard.svg'} alt="" width={30} />\n`, {
    "public/yard.svg": drawing(9, 8),
  });
  expect(html).toContain('A &lt; 3 <kbd lang="ko">x</kbd>');
  expect(html).toContain("<code>{a} &lt;B&gt;</code>");
  expect(html).toContain('<img src="/yard.svg" alt="" width="30" height="8"');
});

test("an unclosed brace is reported with the text before it, and several mistakes are reported at once", async () => {
  expect(await render(`${post("x")}A {brace\n`)).toMatch(
    /^posts\/x\/en\.mdx:\d+: a brace that is open before this line is never closed/,
  );
  const folder = await siteFolderWith({
    "posts/a/en.mdx": `${post("x")}\n{a}\n\n<Foo />\n`,
    "posts/b/en.mdx": `${post("x")}\n![A](/no.svg)\n![B](/no.png)\n`,
    "posts/c/en.mdx": post("x").replace("summary", "draft: true\nsummary").concat("{a}"),
  });
  const posts = readPosts(folder, { languages: { original: "en", on: ["en"] }, withDrafts: false });
  const found = await checkBodies(folder, posts).catch((error: Error) => error.message);
  expect(found?.replaceAll(`${folder}/`, "").split("\n")).toEqual([
    `posts/a/en.mdx:9: ${program}`,
    `posts/a/en.mdx:11: ${noElement("Foo")}`,
    "posts/b/en.mdx:9: the picture /no.svg does not exist: there is no site/public/no.svg",
    "posts/b/en.mdx:10: the picture /no.png does not exist: there is no site/public/no.png",
  ]);
});
