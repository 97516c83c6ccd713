import { existsSync } from "node:fs";
import { currentPosts } from "../../content/posts";
import { listPosts, renderPost } from "../../content/render-post";
import type { Locale } from "../../protocol/locales";
import { expect, test } from "../support/plain-test";

/** The languages in which every post is written. */
const locales = ["en", "ko", "ja"] as const;
const scripts: Record<(typeof locales)[number], RegExp> = {
  en: /[a-z]{3}/,
  ko: /\p{Script=Hangul}{2}/u,
  ja: /[\p{Script=Hiragana}\p{Script=Katakana}]{2}/u,
};
const slugs = currentPosts().map(({ slug }) => slug);

const textOf = (html: string) => html.replace(/<[^>]+>/g, "");
const hrefsOf = (html: string) => Array.from(html.matchAll(/href="([^"]*)"/g), ([, href = ""]) => href);

/** Whether `next build` makes a page for this path of our own site. */
function isPage(href: string, locale: Locale): boolean {
  const start = locale === "en" ? "/" : `/${locale}/`;
  if (!href.startsWith(start)) return false;
  const [folder, slug, ...rest] = href.slice(start.length).split("/");
  if (folder === "posts") return slug !== undefined && slugs.includes(slug) && rest.length === 0;
  return slug === undefined && existsSync(`pages/${folder}/index.tsx`);
}

test("there are posts, newest first, and each slug can name a room", async () => {
  const posts = listPosts("en");
  expect(posts.length).toBeGreaterThanOrEqual(3);
  expect(posts.map(({ date }) => date)).toEqual(
    posts
      .map(({ date }) => date)
      .sort()
      .reverse(),
  );
  for (const { slug, room } of posts) expect(room, "the room keeps its id").toBe(`post-${slug}`);
});

for (const slug of slugs) {
  for (const locale of locales) {
    test(`${slug} is complete in ${locale}`, async () => {
      const post = await renderPost(slug, locale);
      expect(post.lang).toBe(locale);
      expect(new Date(post.date).toISOString().slice(0, 10)).toBe(post.date);
      expect(post.dateText).toContain(post.date.slice(0, 4));
      for (const text of [post.title, post.summary, textOf(post.html)]) expect(text).toMatch(scripts[locale]);
      expect(textOf(post.html).length).toBeGreaterThan(1_500);
    });

    test(`${slug} in ${locale} obeys the page's policy and links to pages that exist`, async () => {
      const { html } = await renderPost(slug, locale);
      expect(html).not.toMatch(/<(script|style|iframe)|\s(style|on\w+)=/i);
      const own = hrefsOf(html).filter((href) => !/^https:\/\//.test(href));
      expect(own.length).toBeGreaterThan(0);
      const isHere = (href: string) => href.startsWith("#") && html.includes(`id="${href.slice(1)}"`);
      expect(own.filter((href) => !isHere(href) && !isPage(href, locale))).toEqual([]);
    });
  }

  test(`${slug} has the same sections, code and links in all languages`, async () => {
    const shapes = await Promise.all(
      locales.map(async (locale) => {
        const { html } = await renderPost(slug, locale);
        return {
          tags: Array.from(html.matchAll(/<(h2|h3|pre|ol|ul|li|table|tr)\b/g), ([, tag]) => tag),
          commands: Array.from(html.matchAll(/<pre[^>]*>([\s\S]*?)<\/pre>/g), ([, code]) => code),
          links: hrefsOf(html).map((href) => href.replace(/^\/(ko|ja)(?=\/)/, "")),
        };
      }),
    );
    for (const shape of shapes) expect(shape).toEqual(shapes[0]);
  });
}

test("each post names its neighbours, and the first and last have only one", async () => {
  const posts = listPosts("ko");
  const rendered = await Promise.all(posts.map(({ slug }) => renderPost(slug, "ko")));
  expect(rendered.map(({ newer }) => newer?.slug)).toEqual([
    undefined,
    ...posts.slice(0, -1).map((p) => p.slug),
  ]);
  expect(rendered.map(({ older }) => older?.slug)).toEqual([...posts.slice(1).map((p) => p.slug), undefined]);
});

test("a post without a translation is shown in English, and says so", async () => {
  const post = await renderPost(slugs[0] ?? "", "fr" as Locale);
  expect(post.lang).toBe("en");
  expect(post.html).toMatch(scripts.en);
});

test("a missing post is refused", async () => {
  await expect(renderPost("no-such-post", "en")).rejects.toThrow(/no-such-post/);
});
