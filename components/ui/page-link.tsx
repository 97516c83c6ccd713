import { useRouter } from "next/router";
import type { ComponentProps, MouseEvent } from "react";

type Props = Omit<ComponentProps<"a">, "href"> & {
  /** A path of this site, without its language. */
  href: string;
  /** By default the reader's. */
  locale?: string;
  scroll?: boolean;
};

/** False for a click that asks for a new tab, a new window or a download, which the browser handles. */
const isPlain = ({ metaKey, ctrlKey, shiftKey, altKey }: MouseEvent): boolean =>
  !(metaKey || ctrlKey || shiftKey || altKey);

/**
 * A link to another page of this site, opened without a full page load. next/link does more than we use, and weighs as
 * much as a tenth of the chat.
 */
export function PageLink({ href, locale, scroll = true, onClick, ...rest }: Props) {
  const router = useRouter();
  const language = locale ?? router.locale ?? "";
  // An address without a language is answered in the reader's, and `locale` may ask for another one.
  const prefix = locale === undefined && language === (router.defaultLocale ?? "") ? "" : `/${language}`;
  // The front page is `/ko`, not `/ko/`.
  const address = prefix && href === "/" ? prefix : prefix + href;
  // When prefetching fails, the navigation fails as well, and reports it.
  const prepare = () => router.prefetch(href, undefined, { locale: language }).catch(() => {});

  function go(event: MouseEvent<HTMLAnchorElement>): void {
    onClick?.(event);
    if (event.defaultPrevented || !isPlain(event)) return;
    event.preventDefault();
    void router.push(href, undefined, { locale: language, scroll });
  }

  return <a {...rest} href={address} onClick={go} onMouseEnter={prepare} onTouchStart={prepare} />;
}
