import Router from "next/router";

/**
 * At an address without a language, Next takes the page's language for the default one: links would lose their `/ko`, and
 * lead to the language that the server then chooses. Called before Next makes its router.
 */
export function keepOriginalLocale(): void {
  const original = window.__NEXT_DATA__.defaultLocale;
  Router.ready(() => {
    if (Router.router) Router.router.defaultLocale = original;
  });
}
