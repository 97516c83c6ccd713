import { useRouter } from "next/router";
import { type ReactNode, useContext } from "react";
import { useUnreadRooms } from "../chat/client/unread-rooms";
import { Icon } from "../ui/icon";
import { PageLink } from "../ui/page-link";
import { useLocale, useWords } from "../words/words";
import { HeaderSiteContext } from "./header-site";
import { LanguageSwitch } from "./language-switch";
import { ThemeSwitch } from "./theme-switch";
import { UnsentNote } from "./unsent-note";

const menuId = "site-menu";

/** A phone shows rarely used items in a menu; on a wider screen the menu's items are in the bar. */
export function SiteHeader() {
  const t = useWords();
  const { second, logo, links } = useContext(HeaderSiteContext);
  const name = t("site.name");
  return (
    <header className="site-header">
      <div className="site-bar">
        <PageLink href="/" className="site-name">
          {logo && <img {...logo} alt="" className="site-logo" />}
          <span>{name}</span>
          {second && second.text !== name && <span lang={second.lang}>{second.text}</span>}
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
          <NavLink href="/privacy" className="site-privacy">
            {t("nav.privacy")}
          </NavLink>
          {links.map(({ label, href }) => (
            <OwnersLink key={href} href={href}>
              {label}
            </OwnersLink>
          ))}
          <LanguageSwitch />
          <ThemeSwitch />
        </div>
        <UnsentNote />
      </div>
    </header>
  );
}

function OwnersLink({ href, children }: { href: string; children: ReactNode }) {
  if (href.startsWith("/")) return <NavLink href={href}>{children}</NavLink>;
  return (
    <a href={href} className="nav-link">
      {children}
    </a>
  );
}

type NavLinkProps = { href: string; title?: string; className?: string; children: ReactNode };

function NavLink({ href, title, className = "", children }: NavLinkProps) {
  const isHere = useRouter().pathname === href;
  return (
    <PageLink
      href={href}
      title={title}
      aria-current={isHere ? "page" : undefined}
      className={`nav-link ${className}`}
    >
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
  const shown = count.toLocaleString(useLocale());
  const name = t("nav.direct");
  const note = t("nav.unread", { count });
  return (
    <NavLink href="/direct" title={count > 0 ? `${name} ${note}` : name}>
      <Icon name="talk" />
      <span className="nav-words">{name}</span>
      {count > 0 && (
        <span className="unread-badge">
          <span>{shown}</span>
          <span className="visually-hidden">{note.replace(shown, "")}</span>
        </span>
      )}
    </NavLink>
  );
}
