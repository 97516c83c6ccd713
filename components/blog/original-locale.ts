import Router from "next/router";
import { originalLocale } from "../../protocol/locales";

/**
 * At an address without a language, Next takes the page's language for the default one: links would lose their `/ko`, and
 * lead to whatever language the server chooses then. Called before Next makes its router.
 *
 * Every entry of the history gets the page's language as well: for a jump within the page Next writes one without, and
 * would go back to it in the default language.
 */
export function keepOriginalLocale(): void {
  Router.ready(() => {
    const { router } = Router;
    if (!router) return;
    router.defaultLocale = originalLocale;
    const { changeState } = router;
    router.changeState = (method, url, as, options) =>
      changeState.call(router, method, url, as, { locale: router.locale ?? originalLocale, ...options });
  });
}
