// Loaded before the page's own scripts. When one of them fails for good, the page would stay a picture of itself: this
// says so, and loads it once more after a pause. What was typed meanwhile is there again.
const reloadedKey = "madang:reloaded-at";
const typedKey = "madang:typed-before";
/** Long enough for a replica that is just starting; a page that fails again within a minute is not reloaded by itself. */
const pauseMs = 3_000;
const againWithinMs = 60_000;

/**
 * The document gives them in its language (pages/_document.tsx). Pages of an older release, which load this file while it is
 * being replaced, do not.
 */
const {
  failed = "This page didn’t load completely.",
  trying = "Trying again…",
  reload = "Reload",
} = document.currentScript.dataset;

let storage;
try {
  storage = window.sessionStorage;
} catch {
  // Storage is refused: the page is not reloaded by itself, since nothing would tell that it was.
}

const fields = () => [...document.querySelectorAll("textarea[id]")];

function reloadPage() {
  storage?.setItem(reloadedKey, String(Date.now()));
  const typed = fields().map(({ id, value }) => [id, value]);
  storage?.setItem(typedKey, JSON.stringify(typed.filter(([, value]) => value !== "")));
  location.reload();
}

function restoreTyped() {
  const typed = storage?.getItem(typedKey);
  if (!typed) return;
  storage.removeItem(typedKey);
  for (const [id, value] of JSON.parse(typed)) {
    const field = fields().find((each) => each.id === id);
    if (field && field.value === "") field.value = value;
  }
}

function say(isTrying) {
  const note = document.createElement("div");
  note.setAttribute("role", "alert");
  note.className = "page-note";
  note.append(isTrying ? `${failed} ${trying}` : `${failed} `);
  if (!isTrying) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "text-button";
    button.textContent = reload;
    button.addEventListener("click", reloadPage);
    note.append(button);
  }
  document.body.append(note);
}

function recover() {
  const reloadedAt = Number(storage?.getItem(reloadedKey) ?? Number.NaN);
  const mayReload = storage !== undefined && !(Math.abs(Date.now() - reloadedAt) < againWithinMs);
  const begin = () => say(mayReload);
  if (document.body) begin();
  else addEventListener("DOMContentLoaded", begin, { once: true });
  if (!mayReload) return;
  const go = () => setTimeout(reloadPage, pauseMs);
  if (navigator.onLine) go();
  else addEventListener("online", go, { once: true });
}

/** Scripts and styles that the page itself names; what is loaded later is tried again by those who load it. */
const isOfPage = (element) =>
  (element instanceof HTMLScriptElement && element.defer && element.src.includes("/_next/static/")) ||
  (element instanceof HTMLLinkElement &&
    element.rel === "stylesheet" &&
    element.href.includes("/_next/static/"));

let hasFailed = false;
addEventListener(
  "error",
  ({ target }) => {
    if (hasFailed || !isOfPage(target)) return;
    hasFailed = true;
    recover();
  },
  true,
);

// Before the page's own scripts run, which keep what stands in the box.
document.addEventListener("readystatechange", restoreTyped, { once: true });
