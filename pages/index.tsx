import type { GetStaticProps, InferGetStaticPropsType } from "next";
import { Layout } from "../components/blog/layout";
import { PostList } from "../components/blog/post-list";
import { Welcome } from "../components/blog/welcome";
import { useWords } from "../components/words/words";
import { type Home, homeIn, pageProps } from "../content/page-props";
import { listPosts, type PostSummary } from "../content/render-post";
import type { Locale } from "../protocol/events";

export const getStaticProps: GetStaticProps<{ home: Home; posts: PostSummary[] }> = async ({ locale }) => ({
  props: {
    ...(await pageProps(locale)),
    home: homeIn(locale as Locale),
    posts: listPosts(locale as Locale),
  },
});

export default function Front({ home, posts }: InferGetStaticPropsType<typeof getStaticProps>) {
  const t = useWords();
  return (
    <Layout title={home.title} hasFooter>
      <Welcome home={home} />
      <h2 className="list-title">{t("home.posts")}</h2>
      <PostList posts={posts} />
    </Layout>
  );
}
