import { useWords } from "../words/words";

/** The pine-green point: so many are here now. */
export function HereCount({ count }: { count: number }) {
  const t = useWords();
  return <span className="here-count">{t("chat.here", { count })}</span>;
}
