import { useWords } from "../../words/words";

/** The shape of a feed, until there is one. */
export function FeedSkeleton() {
  const t = useWords();
  return (
    <div className="feed-skeleton">
      <p className="sr-only">{t("feed.loading")}</p>
      {["w-40", "w-64", "w-52", "w-72", "w-44"].map((width) => (
        <div key={width} aria-hidden="true" className={`skeleton-line max-w-full ${width}`} />
      ))}
    </div>
  );
}
