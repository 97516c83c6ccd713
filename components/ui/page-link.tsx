import { useRouter } from "next/router";
import type { ComponentProps, MouseEvent } from "react";

type Props = Omit<ComponentProps<"a">, "href"> & {
  /** A path of this site, without its language. */
  href: string;
  /** Without one: the reader's. */
  locale?: string;
  scroll?: boolean;
};

/** Chooses a new tab, a new window or a download: all of that is the browser's. */
const isPlain = ({ metaKey, ctrlKey, shiftKey, altKey }: MouseEvent): boolean =>
  !(metaKey || ctrlKey || shiftKey || altKey);

/**
 * A link to another page of this site, which is loaded without leaving this one. next/link does more than we use, and
 * weighs as much as a tenth of the chat.
 */
export function PageLink({ href, locale, scroll = true, onClick, ...rest }: Props) {
  const router = useRouter();
  const language = locale ?? router.locale ?? "";
  const prefix = language === (router.defaultLocale ?? "") ? "" : `/${language}`;
  // The front page is at `/ko`, not at `/ko/`.
  const address = prefix && href === "/" ? prefix : prefix + href;
  // Where that fails, so will the way there, and it will say so.
  const prepare = () => router.prefetch(href, undefined, { locale: language }).catch(() => {});

  function go(event: MouseEvent<HTMLAnchorElement>): void {
    onClick?.(event);
    if (event.defaultPrevented || !isPlain(event)) return;
    event.preventDefault();
    void router.push(href, undefined, { locale: language, scroll });
  }

  return <a {...rest} href={address} onClick={go} onMouseEnter={prepare} onTouchStart={prepare} />;
}
