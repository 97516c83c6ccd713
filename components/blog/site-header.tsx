import Link from "next/link";
import { useRouter } from "next/router";
import { useWords } from "../words/words";
import { LanguageSwitch } from "./language-switch";
import { ThemeSwitch } from "./theme-switch";

export function SiteHeader() {
  const t = useWords();
  return (
    <header className="site-header">
      <Link href="/" prefetch={false} className="flex items-baseline gap-2 font-bold tracking-tight">
        Madang
        <span lang="ko" className="text-small font-normal text-faint max-sm:hidden">
          마당
        </span>
      </Link>
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
    <Link href={href} prefetch={false} aria-current={isHere ? "page" : undefined} className="nav-link">
      {children}
    </Link>
  );
}
