import type { GetStaticProps, InferGetStaticPropsType } from "next";
import { Layout } from "../components/blog/layout";
import { PostList } from "../components/blog/post-list";
import { listPosts, type PostSummary } from "../components/blog/posts";
import { Welcome } from "../components/blog/welcome";
import { loadWords } from "../components/words/load-words";
import { useWords, type Words } from "../components/words/words";
import type { Locale } from "../protocol/events";

export const getStaticProps: GetStaticProps<{ words: Words; posts: PostSummary[] }> = async ({ locale }) => ({
  props: { words: await loadWords(locale), posts: await listPosts(locale as Locale) },
});

export default function Home({ posts }: InferGetStaticPropsType<typeof getStaticProps>) {
  const t = useWords();
  return (
    <Layout title={t("home.title")}>
      <Welcome />
      <h2 className="list-title">{t("home.posts")}</h2>
      <PostList posts={posts} />
    </Layout>
  );
}
