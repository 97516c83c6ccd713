import type { DocumentProps } from "next/document";
import { isValidElement, type ReactElement } from "react";
import type { Post } from "../../content/render-post";
import { addressOf, type Locale, languageOf, type SiteAddress } from "../../protocol/locales";
import { postPath } from "../../protocol/posts";

type Props = {
  /** The page's route, as Next names it. */
  page: string;
  query: DocumentProps["__NEXT_DATA__"]["query"];
  locale: Locale;
  /** The elements that the page itself has put into the head. */
  head: readonly unknown[];
  post: Post | undefined;
  at: SiteAddress;
  /** All of the site. */
  languages: readonly Locale[];
};

const card = { path: "/card.png", width: 1200, height: 630 };

/** Pages with the same content for every visitor. */
const standing = new Set(["/", "/chat", "/rooms", "/privacy"]);

/**
 * The metadata of a page for search engines and link previews. It is in the document and not in the page, so that no
 * browser loads its code; Layout removes it on navigation to another page (`data-page`).
 */
export function PageMeta({ page, query, locale, head, post, at, languages: all }: Props) {
  const path = pathOf(page, query);
  if (path === undefined) return <meta name="robots" content="noindex" data-page />;
  const languages = post?.languages ?? all;
  const first = post?.original ?? at.original;
  const written = languages.find((each) => each === locale) ?? first;
  const address = (language: Locale) => addressOf(at, language, path);
  return (
    <>
      <link rel="canonical" href={address(written)} data-page />
      {all.length > 1 &&
        languages.map((each) => (
          <link key={each} rel="alternate" hrefLang={each} href={address(each)} data-page />
        ))}
      {all.length > 1 && <link rel="alternate" hrefLang="x-default" href={address(first)} data-page />}
      <link
        rel="alternate"
        type="application/atom+xml"
        href={addressOf({ ...at, origin: "" }, locale, "/feed.xml")}
        title="Atom"
      />
      <Preview locale={locale} head={head} post={post} origin={at.origin} url={address(written)} />
    </>
  );
}

type PreviewProps = Pick<Props, "locale" | "head" | "post"> & { origin: string; url: string };

function Preview({ locale, head, post, origin, url }: PreviewProps) {
  const { title, site, description } = readHead(head);
  return (
    <>
      <meta property="og:type" content={post ? "article" : "website"} data-page />
      <meta property="og:title" content={title} data-page />
      <meta property="og:description" content={description} data-page />
      <meta property="og:url" content={url} data-page />
      <meta property="og:site_name" content={site} />
      <meta property="og:locale" content={`${locale}_${languageOf[locale].region}`} data-page />
      <meta property="og:image" content={origin + card.path} />
      <meta property="og:image:type" content="image/png" />
      <meta property="og:image:width" content={String(card.width)} />
      <meta property="og:image:height" content={String(card.height)} />
      <meta property="og:image:alt" content={site} />
      {post && <meta property="article:published_time" content={post.date} data-page />}
      <meta name="twitter:card" content="summary_large_image" />
      <meta name="twitter:title" content={title} data-page />
      <meta name="twitter:description" content={description} data-page />
      <meta name="twitter:image" content={origin + card.path} />
    </>
  );
}

/** Undefined for private pages, and for pages that do not exist. */
function pathOf(page: string, query: Props["query"]): string | undefined {
  if (standing.has(page)) return page;
  const [name] = [query.slug ?? query.room ?? []].flat();
  if (name === undefined) return undefined;
  if (page === "/posts/[slug]") return postPath(name);
  return page === "/chat/[room]" ? `/chat/${encodeURIComponent(name)}` : undefined;
}

type HeadProps = { name?: string; content?: string; children?: unknown };

/** Reads what Layout writes: a title that ends with the site's name, and a description. */
function readHead(head: readonly unknown[]): { title: string; site: string; description: string } {
  const elements = head.filter((element): element is ReactElement<HeadProps> => isValidElement(element));
  const whole = String(elements.find(({ type }) => type === "title")?.props.children ?? "");
  const described = elements.find(({ props }) => props.name === "description");
  const end = whole.lastIndexOf(" · ");
  return {
    title: end < 0 ? whole : whole.slice(0, end),
    site: end < 0 ? whole : whole.slice(end + " · ".length),
    description: described?.props.content ?? "",
  };
}
