import { useWords } from "../../words/words";

/** The shape of a feed until one has loaded; in a room, with a line about this site. */
export function FeedSkeleton({ isRoom }: { isRoom: boolean }) {
  const t = useWords();
  return (
    <div className="feed-skeleton">
      <p className="visually-hidden">{t("feed.loading")}</p>
      {isRoom && <p className="feed-lead">{t("lobby.description")}</p>}
      {[1, 2, 3, 4, 5].map((line) => (
        <div key={line} aria-hidden="true" className="skeleton-line" />
      ))}
    </div>
  );
}
