import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { componentsFor, evaluateMarkdown } from "../../content/markdown";
import type { Locale } from "../../protocol/locales";
import { expect, test } from "../support/plain-test";

const text = `
| Setting | Default |
|:--|--:|
| \`PORT\` | 3000 |

- [x] Read it
- [ ] Write about it

A note[^1], and ~~a mistake~~.

[^1]: What the note says, with [a link](/chat).

\`\`\`ts
// A comment
const port: number = Number(process.env.PORT ?? "3000");
\`\`\`

\`\`\`sh
curl -s "http://localhost:3000" # asks
\`\`\`

\`\`\`nonsense
a < b
\`\`\`

\`\`\`
plain < text
\`\`\`
`;

async function render(lang: Locale): Promise<string> {
  const { default: content } = await evaluateMarkdown(text, { file: "a.mdx", lang, siteFolder: "site" });
  return renderToStaticMarkup(
    createElement(content, { components: componentsFor({ locale: "ko", lang, original: "en" }) }),
  );
}

test("a post may have tables, tasks, footnotes and strikethrough, and keeps the page's policy", async () => {
  const html = await render("en");
  expect(html).not.toMatch(/<(script|style|input)|\s(style|on\w+|align)=/i);
  expect(html).toContain('<div class="table-scroller" tabindex="0"><table>');
  expect(html).toContain('<td class="cell-right">3000</td>');
  expect(html).toMatch(/<span role="img" aria-label="Done" class="task-box task-done"><\/span> Read it/);
  expect(html).toMatch(/<span role="img" aria-label="To do" class="task-box"><\/span> Write about it/);
  expect(html).toContain("<del>a mistake</del>");
  const [, note = "none"] = /<sup><a [^>]*href="#([^"]+)"/.exec(html) ?? [];
  expect(html).toContain(`<li id="${note}">`);
  expect(html, "in the reader's language").toContain('href="/ko/chat"');
});

test("code is coloured by classes; an unknown language, or none, leaves it unchanged", async () => {
  const html = await render("en");
  expect(html).toContain('<span class="hljs-comment">// A comment</span>');
  expect(html).toContain('<span class="hljs-keyword">const</span>');
  expect(html).toContain('<span class="hljs-string">&quot;3000&quot;</span>');
  expect(html).toContain('<span class="hljs-comment"># asks</span>');
  expect(html).toMatch(/>a &lt; b\n<\/code>/);
  expect(html).toMatch(/>plain &lt; text\n<\/code>/);
  const pres = html.match(/<pre[^>]*>/g);
  expect(pres, "reachable by keyboard").toEqual(Array(4).fill('<pre tabindex="0">'));
});

for (const [lang, title, back, done] of [
  ["en", "Footnotes", "Back to reference 1", "Done"],
  ["ko", "각주", "본문의 1번 각주 자리로 돌아가기", "완료"],
  ["ja", "脚注", "本文の脚注1に戻る", "完了"],
] as const)
  test(`a screen reader reads footnotes and tasks in the post's language, ${lang}`, async () => {
    const html = await render(lang);
    expect(html).toContain(`class="visually-hidden" id="footnote-label">${title}</h2>`);
    expect(html).toContain(`aria-label="${back}"`);
    expect(html).toContain(`aria-label="${done}"`);
  });
