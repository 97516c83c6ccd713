/** The reader's theme. `public/theme.js` sets the same attributes from the same key before the first paint. */

export type Theme = "system" | "light" | "dark";

const order: readonly Theme[] = ["system", "light", "dark"];
const key = "madang:theme";
const changed = "madang:theme-changed";

export function currentTheme(): Theme {
  const { theme } = document.documentElement.dataset;
  return theme === "light" || theme === "dark" ? theme : "system";
}

export const nextTheme = (theme: Theme): Theme =>
  order[(order.indexOf(theme) + 1) % order.length] ?? "system";

export function setTheme(theme: Theme): void {
  const { dataset } = document.documentElement;
  if (theme === "system") delete dataset.theme;
  else dataset.theme = theme;
  colourFrame(theme);
  try {
    localStorage.setItem(key, theme);
  } catch {
    // A browser without storage still shows the theme until the next page load.
  }
  window.dispatchEvent(new Event(changed));
}

/** Colours the browser's own frame around the page too. */
function colourFrame(theme: Theme): void {
  for (const meta of document.querySelectorAll<HTMLMetaElement>("[data-theme-color]")) {
    const { themeColor } = meta.dataset;
    const chosen = themeColor === theme ? "all" : "not all";
    meta.media = theme === "system" ? `(prefers-color-scheme: ${themeColor})` : chosen;
  }
}

export function watchTheme(listener: () => void): () => void {
  window.addEventListener(changed, listener);
  return () => window.removeEventListener(changed, listener);
}
