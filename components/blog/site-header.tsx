"use no memo"; // Why: feed-row.tsx

import { useRouter } from "next/router";
import { PageLink } from "../ui/page-link";
import { useWords } from "../words/words";
import { LanguageSwitch } from "./language-switch";
import { ThemeSwitch } from "./theme-switch";

export function SiteHeader() {
  const t = useWords();
  return (
    <header className="site-header">
      <PageLink href="/" className="flex items-baseline gap-2 font-bold tracking-tight">
        Madang
        <span lang="ko" className="text-small font-normal text-faint max-sm:hidden">
          마당
        </span>
      </PageLink>
      <nav aria-label={t("nav.site")} className="flex gap-1">
        <NavLink href="/">{t("nav.posts")}</NavLink>
        <NavLink href="/chat">{t("nav.chat")}</NavLink>
        <NavLink href="/rooms">{t("nav.rooms")}</NavLink>
      </nav>
      <div className="ml-auto flex items-center gap-1">
        <LanguageSwitch />
        <ThemeSwitch />
      </div>
    </header>
  );
}

function NavLink({ href, children }: { href: string; children: string }) {
  const isHere = useRouter().pathname === href;
  return (
    <PageLink href={href} aria-current={isHere ? "page" : undefined} className="nav-link">
      {children}
    </PageLink>
  );
}
