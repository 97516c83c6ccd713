/** As tall as the rows that replace it. */
export function ListSkeleton({ label }: { label: string }) {
  return (
    <div className="rooms">
      <p className="sr-only">{label}</p>
      {["w-48", "w-32", "w-56"].map((width) => (
        <div key={width} aria-hidden="true" className="room-row">
          <span className={`row-skeleton ${width}`} />
          <span className="room-facts">
            <span className="row-skeleton w-28" />
          </span>
        </div>
      ))}
    </div>
  );
}
