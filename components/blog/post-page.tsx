import type { MouseEvent } from "react";
import type { Post } from "../../content/render-post";
import { type Locale, languageOf } from "../../protocol/locales";
import { Sentence, useLocale, useWords } from "../words/words";
import { Layout } from "./layout";
import { PostNeighbours } from "./post-neighbours";
import { PostRoomButton } from "./post-room-button";
import { usePostRoom } from "./use-post-room";

export function PostPage({ post }: { post: Post }) {
  const t = useWords();
  const { Panel, ...talk } = usePostRoom(post.room);
  const locale = useLocale();
  const isTranslated = post.lang === locale;
  return (
    <Layout title={post.title} description={post.summary} hasFooter>
      <article lang={post.lang}>
        <header className="article">
          <h1>{post.title}</h1>
          <p className="byline">
            <time lang={locale} dateTime={post.date}>
              {post.dateText}
            </time>
          </p>
          {post.tags.length > 0 && (
            <ul aria-label={t("post.tags")} className="byline post-tags">
              {post.tags.map((tag) => (
                <li key={tag}>{tag}</li>
              ))}
            </ul>
          )}
          <PostRoomButton count={talk.count} isOpen={talk.isOpen} onOpen={talk.open} />
        </header>
        {!isTranslated && (
          <p lang={locale} className="fine-print post-untranslated">
            {t("post.untranslated", { language: nameOf(post.lang, locale) })}
          </p>
        )}
        <div
          className="article post-text"
          // biome-ignore lint/security/noDangerouslySetInnerHtml: our own post, made into HTML by the build
          dangerouslySetInnerHTML={{ __html: post.html }}
        />
      </article>
      <aside className="post-aside">
        <p>
          <Sentence of="post.talk" values={{ chat: <TalkButton onOpen={talk.open} /> }} />
        </p>
      </aside>
      <PostNeighbours older={post.older} newer={post.newer} />
      {Panel && (
        <Panel room={talk.room} title={post.title} onCount={talk.countMembers} onClose={talk.close} />
      )}
    </Layout>
  );
}

/** The name of a language in another one. */
const nameOf = (language: Locale, locale: Locale): string =>
  new Intl.DisplayNames(locale, { type: "language" }).of(language) ?? languageOf[language].name;

function TalkButton({ onOpen }: { onOpen: (event: MouseEvent<HTMLElement>) => void }) {
  const t = useWords();
  return (
    <button type="button" onClick={onOpen} className="text-button">
      {t("post.enter")}
    </button>
  );
}
