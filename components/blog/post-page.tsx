import Link from "next/link";
import { Sentence, useLocale, useWords } from "../words/words";
import { Layout } from "./layout";
import { PostNeighbours } from "./post-neighbours";
import type { Post } from "./posts";

export function PostPage({ post }: { post: Post }) {
  const t = useWords();
  const isTranslated = post.lang === useLocale();
  return (
    <Layout title={post.title} description={post.summary}>
      <article lang={post.lang}>
        <header className="article">
          <h1>{post.title}</h1>
          <p className="byline">
            <time dateTime={post.date}>{post.dateText}</time>
          </p>
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
          <Sentence of="post.talk" values={{ chat: <ChatLink /> }} />
        </p>
      </aside>
      <PostNeighbours older={post.older} newer={post.newer} />
    </Layout>
  );
}

function ChatLink() {
  const t = useWords();
  return (
    <Link href="/chat" className="font-semibold text-persimmon underline underline-offset-4">
      {t("post.enter")}
    </Link>
  );
}
