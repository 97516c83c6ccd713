import { createElement } from "react";
import type { RoomId } from "../protocol/events";
import type { Locale } from "../protocol/locales";
import { SiteError } from "./faults";
import { siteFolder, within } from "./folder";
import { componentsFor, evaluateMarkdown } from "./markdown";
import { readPostFile } from "./post-file";
import { currentPosts, headFor, languageFor, type SitePost } from "./posts";
import { currentSite } from "./site";

/**
 * The posts for `getStaticProps` and `getStaticPaths`. A post is `posts/SLUG/LOCALE.mdx` in the owner's folder, compiled to
 * plain HTML during the build: no script that a browser loads contains its text, or MDX.
 */
export type PostSummary = {
  slug: string;
  /** The room where readers talk about it. */
  room: RoomId;
  /** The language of its text: the post's original one where there is no translation. */
  lang: Locale;
  title: string;
  /** As 2026-11-21. */
  date: string;
  /** The date in the reader's language. */
  dateText: string;
  summary: string;
  tags: string[];
};

export type PostLink = Pick<PostSummary, "slug" | "lang" | "title">;

/** `languages`: those in which the post exists, the original one among them. */
export type Post = PostSummary & {
  html: string;
  languages: Locale[];
  original: Locale;
  older: PostLink | null;
  newer: PostLink | null;
};

/** All posts, newest first. */
export const listPosts = (locale: Locale): PostSummary[] =>
  currentPosts().map((post) => summaryOf(post, locale));

/** One post with its neighbours. Throws when the post does not exist, or its text is not Markdown that can be read. */
export async function renderPost(slug: string, locale: Locale): Promise<Post> {
  const { renderToStaticMarkup } = await import("react-dom/server");
  const posts = currentPosts();
  const index = posts.findIndex((post) => post.slug === slug);
  const post = posts[index];
  if (post === undefined) throw new Error(`there is no post ${slug}`);
  const lang = languageFor(post, locale);
  const { file, body } = readPostFile(within(siteFolder(), "posts", slug, `${lang}.mdx`));
  const { original } = currentSite().languages;
  const { default: content } = await evaluateMarkdown(body, { file, lang, siteFolder: siteFolder() });
  const components = componentsFor({ locale, lang, original });
  const linkTo = (other: SitePost | undefined): PostLink | null =>
    other ? linkOf(summaryOf(other, locale)) : null;
  return {
    ...summaryOf(post, locale),
    languages: [...post.heads.keys()],
    original: post.original,
    html: namingFile(file, () => renderToStaticMarkup(createElement(content, { components }))),
    older: linkTo(posts[index + 1]),
    newer: linkTo(posts[index - 1]),
  };
}

/** A component that does not exist is found only now. */
function namingFile<Result>(file: string, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    throw new SiteError([{ file, says: error instanceof Error ? error.message : String(error) }]);
  }
}

function summaryOf(post: SitePost, locale: Locale): PostSummary {
  const { title, date, summary, tags } = headFor(post, locale);
  return {
    slug: post.slug,
    room: post.room,
    lang: languageFor(post, locale),
    title,
    date,
    dateText: new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" }).format(new Date(date)),
    summary,
    tags,
  };
}

const linkOf = ({ slug, lang, title }: PostSummary): PostLink => ({ slug, lang, title });
