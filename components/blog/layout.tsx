import Head from "next/head";
import { type ReactNode, useContext, useEffect, useRef } from "react";
import { messageBoxId } from "../chat/composer/message-box-id";
import { useWords } from "../words/words";
import { HeaderContext } from "./header-context";
import { SiteFooter } from "./site-footer";

type Props = {
  title: string;
  description?: string;
  /** The page is exactly as tall as the screen; its content scrolls inside it. */
  fillsScreen?: boolean;
  /** For pages that come whole: where content loads later, the foot would move. */
  hasFooter?: boolean;
  children: ReactNode;
};

/** The first page of a load leaves the focus to the browser. */
let isFirst = true;

/** The frame of every page: head, header, and the one `<main>`. */
export function Layout({ title, description, fillsScreen = false, hasFooter = false, children }: Props) {
  const t = useWords();
  const site = t("site.name");
  const main = useRef<HTMLElement>(null);

  useEffect(() => {
    // The link that led here is gone, and the focus with it: move the focus to the content.
    if (!isFirst && document.activeElement === document.body) main.current?.focus({ preventScroll: true });
    // Remove the previous page's metadata: otherwise sharing this page would show that one.
    if (!isFirst) for (const said of document.querySelectorAll("[data-page]")) said.remove();
    isFirst = false;
  }, []);

  return (
    <div className={fillsScreen ? "screen-column" : "page-column"}>
      <Head>
        <title>{title === site ? site : `${title} · ${site}`}</title>
        <meta name="description" content={description ?? t("site.description")} />
      </Head>
      <a href="#main" className="skip-link">
        {t("nav.skip")}
      </a>
      {fillsScreen && (
        <a href={`#${messageBoxId}`} className="skip-link skip-to-box">
          {t("chat.skip")}
        </a>
      )}
      {useContext(HeaderContext)}
      <main ref={main} id="main" tabIndex={-1}>
        {children}
      </main>
      {hasFooter && <SiteFooter />}
    </div>
  );
}
