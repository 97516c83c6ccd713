// Loaded before the first paint, so that a chosen theme never flashes the other one. See components/blog/theme.ts.
try {
  const theme = localStorage.getItem("madang:theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is refused: the system's theme it is.
}
