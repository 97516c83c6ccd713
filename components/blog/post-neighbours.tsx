import type { PostLink } from "../../content/render-post";
import { postPath } from "../../protocol/posts";
import { PageLink } from "../ui/page-link";
import { useWords } from "../words/words";

type Props = { older: PostLink | null; newer: PostLink | null };

export function PostNeighbours({ older, newer }: Props) {
  const t = useWords();
  return (
    <nav aria-label={t("post.more")} className="post-neighbours">
      {older && <Neighbour direction={t("post.previous")} post={older} rel="prev" />}
      {newer && <Neighbour direction={t("post.next")} post={newer} rel="next" />}
    </nav>
  );
}

type NeighbourProps = { direction: string; post: PostLink; rel: "prev" | "next" };

/** The newer post is on the right, even when there is no older one beside it. */
function Neighbour({ direction, post, rel }: NeighbourProps) {
  return (
    <PageLink href={postPath(post.slug)} rel={rel} className="post-neighbour">
      <span className="post-neighbour-direction">{direction}</span>
      <span lang={post.lang} className="post-neighbour-title">
        {post.title}
      </span>
    </PageLink>
  );
}
