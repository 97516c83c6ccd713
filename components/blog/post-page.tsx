import type { MouseEvent } from "react";
import { Sentence, useLocale, useWords } from "../words/words";
import { Layout } from "./layout";
import { PostNeighbours } from "./post-neighbours";
import { PostTalk } from "./post-talk";
import type { Post } from "./posts";
import { usePostRoom } from "./use-post-room";

export function PostPage({ post }: { post: Post }) {
  const t = useWords();
  const { Panel, ...talk } = usePostRoom(post.room);
  const isTranslated = post.lang === useLocale();
  return (
    <Layout title={post.title} description={post.summary}>
      <article lang={post.lang}>
        <header className="article">
          <h1>{post.title}</h1>
          <p className="byline">
            <time dateTime={post.date}>{post.dateText}</time>
          </p>
          <PostTalk count={talk.count} isOpen={talk.isOpen} onOpen={talk.open} />
        </header>
        {!isTranslated && <p className="mt-4 text-small text-faint">{t("post.untranslated")}</p>}
        <div
          className="article mt-8"
          // biome-ignore lint/security/noDangerouslySetInnerHtml: our own post, made into HTML by the build
          dangerouslySetInnerHTML={{ __html: post.html }}
        />
      </article>
      <aside className="mt-14 max-w-2xl border-t border-line pt-6">
        <p>
          <Sentence of="post.talk" values={{ chat: <TalkButton onOpen={talk.open} /> }} />
        </p>
      </aside>
      <PostNeighbours older={post.older} newer={post.newer} />
      {Panel && <Panel room={talk.room} title={post.title} onCount={talk.setCount} onClose={talk.close} />}
    </Layout>
  );
}

function TalkButton({ onOpen }: { onOpen: (event: MouseEvent<HTMLElement>) => void }) {
  const t = useWords();
  return (
    <button type="button" onClick={onOpen} className="text-button font-semibold">
      {t("post.enter")}
    </button>
  );
}
