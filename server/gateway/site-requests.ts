import { createHash } from "node:crypto";
import type { Server as HttpServer, IncomingMessage, ServerResponse } from "node:http";
import type { SitePost } from "../../content/posts";
import type { Site } from "../../content/site";
import type { Locale } from "../../protocol/locales";
import { canonicalUrl } from "../site/canonical-path";
import { feedOf } from "../site/feed";
import { explicitUrl, localizedUrl } from "../site/reader-language";
import { robotsOf } from "../site/robots";
import { sitemapOf } from "../site/sitemap";
import { type SiteSettings, siteOriginOf } from "./site-origin";

/** The files that machines fetch from a site besides its pages. */
export type SiteFile = { is: "sitemap" | "robots" } | { is: "feed"; locale: Locale };

/** What the owner's folder holds. */
export type SiteContent = { site: Site; posts: readonly SitePost[] };

const types: Record<SiteFile["is"], string> = {
  sitemap: "application/xml; charset=utf-8",
  robots: "text/plain; charset=utf-8",
  feed: "application/atom+xml; charset=utf-8",
};

/** A new post comes with a new build: feed readers see it within an hour. */
const keptSeconds = 3_600;

/** Answers with a file made from this build's posts; its addresses use SITE_URL or the request's host. */
export function answerSiteFile(
  { request, response }: { request: IncomingMessage; response: ServerResponse },
  file: SiteFile,
  { content, settings }: { content: SiteContent; settings: SiteSettings },
): void {
  const origin = siteOriginOf(request, settings);
  if (origin === undefined) {
    response.writeHead(400, { "Content-Type": types.robots }).end("The Host of the request is no host.\n");
    return;
  }
  const body = bodyOf(file, origin, content);
  const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
  response.setHeader("Cache-Control", `public, max-age=${keptSeconds}`);
  response.setHeader("ETag", etag);
  if (request.headers["if-none-match"] === etag) response.writeHead(304).end();
  else response.writeHead(200, { "Content-Type": types[file.is] }).end(body);
}

function bodyOf(file: SiteFile, origin: string, { site, posts }: SiteContent): string {
  const { languages, name, tagline } = site;
  const at = { origin, original: languages.original };
  if (file.is === "feed") {
    const { locale } = file;
    return feedOf(at, posts, { locale, name: name[locale], description: tagline[locale] });
  }
  return file.is === "sitemap" ? sitemapOf(at, languages, posts) : robotsOf(origin, languages);
}

/**
 * Redirects to a page's canonical address, and chooses the language of an address that names none
 * (docs/decisions/060-language-of-the-first-answer.md), before Next sees the request: Next's own redirects ignore case, and
 * their code would be shipped to each browser.
 */
export function prepareRequests(server: HttpServer, { site: { languages }, posts }: SiteContent): void {
  const paths = { languages: languages.on, slugs: posts.map(({ slug }) => slug) };
  const listeners = server.listeners("request");
  server.removeAllListeners("request");
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const isRead = request.method === "GET" || request.method === "HEAD";
    const url = request.url ?? "";
    const target = isRead ? canonicalUrl(url, paths) : undefined;
    if (target !== undefined) {
      response.writeHead(308, { Location: target, "Cache-Control": `public, max-age=${keptSeconds}` }).end();
      return;
    }
    const explicit = isRead ? explicitUrl(url, request.headers, languages) : undefined;
    if (explicit !== undefined) {
      response.writeHead(307, { Location: explicit, "Cache-Control": "no-store" }).end();
      return;
    }
    request.url = (isRead ? localizedUrl(url, request.headers, languages) : undefined) ?? url;
    for (const listener of listeners) listener.call(server, request, response);
  });
}
