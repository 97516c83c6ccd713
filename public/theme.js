// Loaded before the first paint, so that a chosen theme never flashes the other one. See components/blog/theme.ts.
try {
  const theme = localStorage.getItem("madang:theme");
  if (theme === "light" || theme === "dark") {
    document.documentElement.dataset.theme = theme;
    document.querySelector("[name=color-scheme]").content = theme;
    for (const meta of document.querySelectorAll("[data-theme-color]"))
      meta.media = meta.dataset.themeColor === theme ? "all" : "not all";
  }
} catch {
  // Storage is refused: the system's theme it is.
}
