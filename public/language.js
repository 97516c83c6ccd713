// Loaded before the first paint. An address without a language (`/chat`) is answered in English; this leads a reader
// who has chosen another language, or whose browser prefers one, to the page in theirs. Next.js does so for `/` only.
// While an older release is being replaced, its pages load this file and name no languages.
const known = (document.currentScript.dataset.locales ?? "en ko ja").split(" ");
const chosen = document.cookie.match(/(?:^|; )NEXT_LOCALE=(\w+)/)?.[1];
const wanted = chosen ?? navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => known.includes(tag));
const saysItself = /^\/en(\/|$)/.test(location.pathname);
if (document.documentElement.lang === "en" && !saysItself && wanted !== "en" && known.includes(wanted)) {
  location.replace(`/${wanted}${location.pathname}${location.search}${location.hash}`);
}
