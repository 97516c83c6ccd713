import { readFileSync } from "node:fs";
import path from "node:path";
import type { MDXModule } from "mdx/types";
import { type ComponentProps, createElement, type ReactElement } from "react";
import { addressOf, type Locale } from "../../protocol/locales";
import { fill, type Values } from "../words/pattern";
import type { Translate, Words } from "../words/words";

/**
 * Markdown with GitHub's tables, task lists, footnotes and strikethrough, and with code coloured by classes: everything
 * becomes HTML during the build, without inline styles, which the policy forbids. `lang`: the text's own language.
 */
export async function evaluateMarkdown(text: string, lang: Locale): Promise<MDXModule> {
  // Imported here, so that a server that only serves built pages never loads it.
  const [{ evaluate }, runtime, { default: gfm }, { default: highlight }] = await Promise.all([
    import("@mdx-js/mdx"),
    import("react/jsx-runtime"),
    import("remark-gfm"),
    import("rehype-highlight"),
  ]);
  const t = wordsOf(lang);
  return evaluate(text, {
    ...runtime,
    remarkPlugins: [gfm],
    rehypePlugins: [highlight],
    tableCellAlignToStyle: false,
    remarkRehypeOptions: {
      footnoteLabel: t("footnotes.title"),
      footnoteLabelProperties: { className: ["visually-hidden"] },
      footnoteBackLabel: (index) => t("footnotes.back", { number: index + 1 }),
    },
  });
}

/** Read as a file, as the posts are: the tests' loader refuses to import JSON by a name that is put together. */
function wordsOf(lang: Locale): Translate {
  const words: Words = JSON.parse(
    readFileSync(path.join(process.cwd(), `components/words/${lang}.json`), "utf8"),
  );
  return (key, values: Values = {}) => fill(words[key], lang, values);
}

/** What a post's elements become, for a reader of `locale`. `lang`: the text's own language. */
export function componentsFor(locale: Locale, lang: Locale) {
  const t = wordsOf(lang);
  return {
    /** Links within the site keep the reader's language. */
    a: ({ href = "", ...rest }: ComponentProps<"a">): ReactElement =>
      createElement("a", { ...rest, href: href.startsWith("/") ? addressOf("", locale, href) : href }),
    /** What scrolls sideways can be reached by keyboard. */
    pre: (props: ComponentProps<"pre">): ReactElement => createElement("pre", { ...props, tabIndex: 0 }),
    table: (props: ComponentProps<"table">): ReactElement =>
      createElement("div", { className: "table-scroller", tabIndex: 0 }, createElement("table", props)),
    th: cell("th"),
    td: cell("td"),
    /** A task's box. It is no field: nothing could be done with it. */
    input: ({ checked }: ComponentProps<"input">): ReactElement =>
      createElement("span", {
        role: "img",
        "aria-label": t(checked ? "task.done" : "task.open"),
        className: checked ? "task-box task-done" : "task-box",
      }),
  };
}

/** A column's side as a class: `align` is long out of use, and no style may be inline. */
const cell =
  (tag: "td" | "th") =>
  ({ align, ...rest }: ComponentProps<"td">): ReactElement =>
    createElement(tag, { ...rest, ...(align && { className: `cell-${align}` }) });
