import type { PostSummary } from "../../content/render-post";
import { postPath } from "../../protocol/posts";
import { PageLink } from "../ui/page-link";

export function PostList({ posts }: { posts: PostSummary[] }) {
  return (
    <ul className="post-list">
      {posts.map(({ slug, lang, title, date, dateText, summary }) => (
        <li key={slug}>
          <time dateTime={date} className="fine-print">
            {dateText}
          </time>
          <h3 lang={lang}>
            <PageLink href={postPath(slug)}>{title}</PageLink>
          </h3>
          <p lang={lang}>{summary}</p>
        </li>
      ))}
    </ul>
  );
}
