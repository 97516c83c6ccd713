import { createContext, type ReactNode } from "react";

/** The site's header. It comes from pages/_app.tsx, so that its script is loaded once for all pages. */
export const HeaderContext = createContext<ReactNode>(null);
