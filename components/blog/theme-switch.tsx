import { useSyncExternalStore } from "react";
import { Icon } from "../ui/icon";
import { IconButton } from "../ui/icon-button";
import { useWords } from "../words/words";
import { currentTheme, nextTheme, setTheme, watchTheme } from "./theme";

export function ThemeSwitch() {
  const t = useWords();
  const theme = useSyncExternalStore(watchTheme, currentTheme, () => "system" as const);
  return (
    <IconButton label={t(`theme.${theme}`)} onClick={() => setTheme(nextTheme(theme))}>
      <Icon name={theme === "system" ? "half" : theme === "light" ? "sun" : "moon"} />
    </IconButton>
  );
}
