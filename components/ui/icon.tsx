import icons from "./icons.svg";

/**
 * Draws the symbol of icons.svg with this id: an outline on a 20 × 20 grid. No script carries the file, and the browser
 * caches it for good, so that parts first shown while the network is away have their pictures too.
 */
export function Icon({ name }: { name: string }) {
  return (
    <svg width="20" height="20" aria-hidden="true" className="icon">
      <use href={`${icons.src}#${name}`} />
    </svg>
  );
}
