import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { MDXModule } from "mdx/types";
import { createElement } from "react";
import type { RoomId } from "../../protocol/events";
import { type Locale, locales, originalLocale } from "../../protocol/locales";
import { checkSlugs, isDay, postRoomId, wordIn } from "../../protocol/posts";
import { componentsFor, evaluateMarkdown } from "./markdown";

/**
 * The posts, for `getStaticProps` and `getStaticPaths` only. A post is `posts/SLUG/LOCALE.mdx`, compiled to plain HTML
 * during the build: no script that a browser loads contains its text, or MDX.
 */
export type PostSummary = {
  slug: string;
  /** The room where readers talk about it. */
  room: RoomId;
  /** The language of its text: English where there is no translation. */
  lang: Locale;
  title: string;
  /** As 2026-11-21. */
  date: string;
  /** The date in the reader's language. */
  dateText: string;
  summary: string;
};

export type PostLink = Pick<PostSummary, "slug" | "lang" | "title">;

/** `languages`: those in which the post exists. */
export type Post = PostSummary & {
  html: string;
  languages: Locale[];
  older: PostLink | null;
  newer: PostLink | null;
};

const folder = path.join(process.cwd(), "posts");

/** Throws when a folder's name is not a valid slug, which fails the build with that message. */
export function listSlugs(): string[] {
  const slugs = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  checkSlugs(slugs);
  return slugs;
}

/** All posts, newest first. */
export async function listPosts(locale: Locale): Promise<PostSummary[]> {
  const posts = await Promise.all(listSlugs().map(async (slug) => (await load(slug, locale)).summary));
  return posts.sort((one, other) => other.date.localeCompare(one.date) || one.slug.localeCompare(other.slug));
}

/** One post with its neighbours. Throws when the post does not exist, or its head lacks a field. */
export async function renderPost(slug: string, locale: Locale): Promise<Post> {
  const { renderToStaticMarkup } = await import("react-dom/server");
  const posts = await listPosts(locale);
  const index = posts.findIndex((post) => post.slug === slug);
  const { summary, content } = await load(slug, locale);
  return {
    ...summary,
    languages: locales.filter((each) => existsSync(fileOf(slug, each))),
    html: renderToStaticMarkup(createElement(content, { components: componentsFor(locale, summary.lang) })),
    older: linkTo(posts[index + 1]),
    newer: linkTo(posts[index - 1]),
  };
}

async function load(slug: string, locale: Locale) {
  const lang = existsSync(fileOf(slug, locale)) ? locale : originalLocale;
  const file = fileOf(slug, lang);
  const text = readFileSync(file, "utf8");
  const { default: content, ...head } = await evaluateMarkdown(text, lang);
  const date = wordOf(head, "date", file);
  // For the feeds and the sitemap the server reads the date without MDX.
  if (!isDay(date) || wordIn(text, "date") !== date)
    throw new Error(`${file}: write its date as export const date = "2026-11-21";`);
  const summary: PostSummary = {
    slug,
    room: postRoomId(slug),
    lang,
    title: wordOf(head, "title", file),
    date,
    dateText: new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" }).format(new Date(date)),
    summary: wordOf(head, "summary", file),
  };
  return { summary, content };
}

const fileOf = (slug: string, lang: Locale): string => path.join(folder, slug, `${lang}.mdx`);

function wordOf(head: Omit<MDXModule, "default">, name: string, file: string): string {
  const word = head[name];
  if (typeof word !== "string" || word === "") throw new Error(`${file} exports no ${name}`);
  return word;
}

const linkTo = (post: PostSummary | undefined): PostLink | null =>
  post ? { slug: post.slug, lang: post.lang, title: post.title } : null;
