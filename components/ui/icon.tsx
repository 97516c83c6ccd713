import type { IconName } from "./icon-names";
import icons from "./icons.svg";

/** Kept by the browser for good, so that what is first shown while the network is away has its picture too. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg width="20" height="20" aria-hidden="true" className="icon">
      <use href={`${icons.src}#${name}`} />
    </svg>
  );
}
