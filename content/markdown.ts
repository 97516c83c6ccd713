import { readFileSync } from "node:fs";
import path from "node:path";
import type { MDXModule } from "mdx/types";
import { type ComponentProps, createElement, type ReactElement } from "react";
import { fill, type Values } from "../components/words/pattern";
import type { Translate, Words } from "../components/words/words";
import { addressOf, type Locale } from "../protocol/locales";
import { checkMarkup } from "./check-markup";
import { SiteError } from "./faults";
import { isMistake, lineOf, sentenceOf } from "./markdown-mistakes";
import { sizePictures } from "./size-pictures";

/** `file` is named in errors, `lang` is the text's own language. */
type Source = { file: string; lang: Locale; siteFolder: string };

/**
 * Markdown with GitHub's tables, task lists, footnotes and strikethrough, with code coloured by classes, and with the sizes
 * of its pictures: everything becomes HTML during the build, without inline styles, which the policy forbids. Throws a
 * SiteError that names the line of a mistake.
 */
export async function evaluateMarkdown(text: string, source: Source): Promise<MDXModule> {
  try {
    return await evaluateText(text, source);
  } catch (error) {
    if (!isMistake(error)) throw error;
    throw new SiteError([{ file: source.file, line: lineOf(error), says: sentenceOf(error) }]);
  }
}

async function evaluateText(text: string, { file, lang, siteFolder }: Source): Promise<MDXModule> {
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
    rehypePlugins: [[checkMarkup, { file }], highlight, [sizePictures, { file, siteFolder }]],
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

type Reader = { locale: Locale; lang: Locale; original: Locale };

/**
 * What a post's elements become, for a reader of `locale`. `lang` is the text's own language, `original` the one of
 * addresses without a language.
 */
export function componentsFor({ locale, lang, original }: Reader) {
  const t = wordsOf(lang);
  return {
    /** Links within the site keep the reader's language. */
    a: ({ href = "", ...rest }: ComponentProps<"a">): ReactElement =>
      createElement("a", {
        ...rest,
        href: /^\/(?!\/)/.test(href) ? addressOf({ origin: "", original }, locale, href) : href,
      }),
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
