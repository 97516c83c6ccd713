import { createContext } from "react";
import type { HeaderSite } from "../../content/page-props";

/** Comes from pages/_app.tsx, which gets it with each page. */
export const HeaderSiteContext = createContext<HeaderSite>({ links: [] });
