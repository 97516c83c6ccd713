// Loaded before the first paint. An address without a language (`/chat`) is answered in English; whoever has
// chosen another one, or whose browser prefers it, goes on to their own. Next.js itself does so for `/` only.
const known = ["en", "ko", "ja"];
const chosen = document.cookie.match(/(?:^|; )NEXT_LOCALE=(\w+)/)?.[1];
const wanted = chosen ?? navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => known.includes(tag));
const saysItself = /^\/en(\/|$)/.test(location.pathname);
if (document.documentElement.lang === "en" && !saysItself && wanted !== "en" && known.includes(wanted)) {
  location.replace(`/${wanted}${location.pathname}${location.search}${location.hash}`);
}
