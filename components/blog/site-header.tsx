import { useRouter } from "next/router";
import type { ReactNode } from "react";
import { useUnreadRooms } from "../chat/client/unread-rooms";
import { Icon } from "../ui/icon";
import { PageLink } from "../ui/page-link";
import { useWords } from "../words/words";
import { LanguageSwitch } from "./language-switch";
import { ThemeSwitch } from "./theme-switch";
import { UnsentNote } from "./unsent-note";

/** Stands beside the name in other languages. */
const hangul = "마당";
const menuId = "site-menu";

/** A phone shows rarely used items in a menu; on a wider screen the menu's items are in the bar. */
export function SiteHeader() {
  const t = useWords();
  const name = t("site.name");
  return (
    <header className="site-header">
      <PageLink href="/" className="site-name">
        <span>{name}</span>
        {name !== hangul && <span lang="ko">{hangul}</span>}
      </PageLink>
      <nav aria-label={t("nav.site")} className="site-nav">
        <NavLink href="/">{t("nav.posts")}</NavLink>
        <NavLink href="/chat">{t("nav.chat")}</NavLink>
        <NavLink href="/rooms">{t("nav.rooms")}</NavLink>
        <DirectLink />
      </nav>
      <button
        type="button"
        popoverTarget={menuId}
        aria-label={t("nav.menu")}
        title={t("nav.menu")}
        className="icon-button site-menu-button"
      >
        <Icon name="menu" />
      </button>
      <div id={menuId} popover="auto" className="site-menu">
        <NavLink href="/me">{t("nav.me")}</NavLink>
        <LanguageSwitch />
        <ThemeSwitch />
      </div>
      <UnsentNote />
    </header>
  );
}

type NavLinkProps = { href: string; title?: string; children: ReactNode };

function NavLink({ href, title, children }: NavLinkProps) {
  const isHere = useRouter().pathname === href;
  return (
    <PageLink href={href} title={title} aria-current={isHere ? "page" : undefined} className="nav-link">
      {children}
    </PageLink>
  );
}

/**
 * The link to the visitor's conversations, with the number of those that have unread messages. Its name is what it shows,
 * in the same order, so that it can be said aloud to a computer; hidden words explain the number.
 */
function DirectLink() {
  const t = useWords();
  const count = useUnreadRooms();
  const name = t("nav.direct");
  const note = t("nav.unread", { count });
  return (
    <NavLink href="/direct" title={count > 0 ? `${name} ${note}` : name}>
      <Icon name="talk" />
      <span className="nav-words">{name}</span>
      {count > 0 && (
        <span className="unread-badge">
          <span>{count}</span>
          <span className="visually-hidden">{note.replace(`${count}`, "")}</span>
        </span>
      )}
    </NavLink>
  );
}
