import { useEffect, useState } from "react";
import type { Role } from "../../protocol/events";
import { type Place, placeIn } from "./sections";

/** The section that the address names. */
export function usePlace(role: Role): Place {
  const [fragment, setFragment] = useState(() => location.hash);
  useEffect(() => {
    const read = () => setFragment(location.hash);
    window.addEventListener("hashchange", read);
    return () => window.removeEventListener("hashchange", read);
  }, []);
  return placeIn(fragment, role);
}
