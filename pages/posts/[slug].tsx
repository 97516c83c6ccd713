import type { GetStaticPaths, GetStaticProps, InferGetStaticPropsType } from "next";
import { PostPage } from "../../components/blog/post-page";
import { pageProps } from "../../content/page-props";
import { currentPosts } from "../../content/posts";
import { type Post, renderPost } from "../../content/render-post";
import type { Locale } from "../../protocol/events";

export const getStaticPaths: GetStaticPaths<{ slug: string }> = ({ locales = [] }) => ({
  paths: currentPosts().flatMap(({ slug }) => locales.map((locale) => ({ params: { slug }, locale }))),
  fallback: false,
});

export const getStaticProps: GetStaticProps<{ post: Post }, { slug: string }> = async ({
  params,
  locale,
}) => {
  if (!params) return { notFound: true };
  return { props: { ...(await pageProps(locale)), post: await renderPost(params.slug, locale as Locale) } };
};

export default function PostRoute({ post }: InferGetStaticPropsType<typeof getStaticProps>) {
  return <PostPage key={post.slug} post={post} />;
}
