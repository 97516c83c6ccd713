import Router from "next/router";
import { originalLocale } from "../../protocol/locales";

/**
 * At an address without a language, Next takes the page's language for the default one: links would lose their `/ko`, and
 * lead to the language that the server then chooses. Called before Next makes its router.
 */
export function keepOriginalLocale(): void {
  Router.ready(() => {
    if (Router.router) Router.router.defaultLocale = originalLocale;
  });
}
