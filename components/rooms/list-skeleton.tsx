/** As tall as the rows that replace it. */
export function ListSkeleton({ label }: { label: string }) {
  return (
    <div className="rooms">
      <p className="visually-hidden">{label}</p>
      {[1, 2, 3].map((row) => (
        <div key={row} aria-hidden="true" className="room-row">
          <span className="row-skeleton" />
          <span className="room-facts">
            <span className="row-skeleton" />
          </span>
        </div>
      ))}
    </div>
  );
}
