import { useSyncExternalStore } from "react";
import { IconButton } from "../ui/icon-button";
import { useWords } from "../words/words";
import { currentTheme, nextTheme, setTheme, watchTheme } from "./theme";

/** The picture shows the theme as it is, the words say what a click changes it to. */
export function ThemeSwitch() {
  const t = useWords();
  const theme = useSyncExternalStore(watchTheme, currentTheme, () => "system" as const);
  const next = nextTheme(theme);
  return (
    <IconButton
      label={t(`theme.${next}`)}
      onClick={() => setTheme(next)}
      icon={theme === "system" ? "half" : theme === "light" ? "sun" : "moon"}
    />
  );
}
