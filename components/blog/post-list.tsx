import { postPath } from "../../protocol/posts";
import { PageLink } from "../ui/page-link";
import type { PostSummary } from "./posts";

export function PostList({ posts }: { posts: PostSummary[] }) {
  return (
    <ul className="divide-y divide-line">
      {posts.map(({ slug, lang, title, date, dateText, summary }) => (
        <li key={slug} className="py-6">
          <time dateTime={date} className="text-small text-faint">
            {dateText}
          </time>
          <h3 lang={lang} className="mt-1 text-[1.25rem] leading-snug font-bold">
            <PageLink
              href={postPath(slug)}
              className="inline-block underline-offset-4 hover:text-persimmon hover:underline"
            >
              {title}
            </PageLink>
          </h3>
          <p lang={lang} className="mt-1 max-w-2xl text-faint">
            {summary}
          </p>
        </li>
      ))}
    </ul>
  );
}
