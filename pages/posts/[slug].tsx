import type { GetStaticPaths, GetStaticProps, InferGetStaticPropsType } from "next";
import { PostPage } from "../../components/blog/post-page";
import { listSlugs, type Post, renderPost } from "../../components/blog/posts";
import { loadWords } from "../../components/words/load-words";
import type { Words } from "../../components/words/words";
import type { Locale } from "../../protocol/events";

export const getStaticPaths: GetStaticPaths<{ slug: string }> = ({ locales = [] }) => ({
  paths: listSlugs().flatMap((slug) => locales.map((locale) => ({ params: { slug }, locale }))),
  fallback: false,
});

export const getStaticProps: GetStaticProps<{ words: Words; post: Post }, { slug: string }> = async ({
  params,
  locale,
}) => {
  if (!params) return { notFound: true };
  return { props: { words: await loadWords(locale), post: await renderPost(params.slug, locale as Locale) } };
};

export default function PostRoute({ post }: InferGetStaticPropsType<typeof getStaticProps>) {
  return <PostPage key={post.slug} post={post} />;
}
