import { useWords } from "../../words/words";

/** The shape of a feed, until there is one; in a room, what one has come to. */
export function FeedSkeleton({ isRoom }: { isRoom: boolean }) {
  const t = useWords();
  return (
    <div className="feed-skeleton">
      <p className="sr-only">{t("feed.loading")}</p>
      {isRoom && <p className="feed-lead">{t("lobby.description")}</p>}
      {["w-40", "w-64", "w-52", "w-72", "w-44"].map((width) => (
        <div key={width} aria-hidden="true" className={`skeleton-line max-w-full ${width}`} />
      ))}
    </div>
  );
}
