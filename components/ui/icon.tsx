import type { IconName } from "./icon-names";
import icons from "./icons.svg";

/**
 * The browser caches the file for good, so that parts first shown while the network is away have their pictures too.
 */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg width="20" height="20" aria-hidden="true" className="icon">
      <use href={`${icons.src}#${name}`} />
    </svg>
  );
}
