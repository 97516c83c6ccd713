/** As tall as the rows that replace it. */
export function ListSkeleton({ label, rows = 3 }: { label: string; rows?: number }) {
  return (
    <div className="rooms">
      <p className="visually-hidden">{label}</p>
      {Array.from({ length: rows }, (_, row) => row).map((row) => (
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
