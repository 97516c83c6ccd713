import Head from "next/head";
import { type ReactNode, useEffect, useRef } from "react";
import { useWords } from "../words/words";
import { SiteHeader } from "./site-header";

type Props = {
  title: string;
  description?: string;
  /** The page is exactly as tall as the screen, and its content scrolls inside. */
  fillsScreen?: boolean;
  children: ReactNode;
};

/** A page that is the first one leaves the focus to the browser. */
let isFirst = true;

/** The frame of every page: head, header, and the one `<main>`. */
export function Layout({ title, description, fillsScreen = false, children }: Props) {
  const t = useWords();
  const main = useRef<HTMLElement>(null);

  useEffect(() => {
    // The link that led here is gone. Without this, Tab would begin nowhere.
    if (!isFirst && document.activeElement === document.body) main.current?.focus({ preventScroll: true });
    // What the document said of the page before: sharing this one would name that one.
    if (!isFirst) for (const said of document.querySelectorAll("[data-page]")) said.remove();
    isFirst = false;
  }, []);

  return (
    <div className={fillsScreen ? "screen-column" : "page-column"}>
      <Head>
        <title>{`${title} · ${t("site.name")}`}</title>
        <meta name="description" content={description ?? t("site.description")} />
      </Head>
      <a href="#main" className="skip-link">
        {t("nav.skip")}
      </a>
      <SiteHeader />
      <main ref={main} id="main" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
