import { useWords } from "../../words/words";

type Props = {
  count: number;
  /** Whether that can be known now; otherwise it is what was heard last. */
  isCurrent?: boolean;
};

/** The pine-green point: so many are here now. */
export function HereCount({ count, isCurrent = true }: Props) {
  const t = useWords();
  return <span className={isCurrent ? "here-count" : "here-count away"}>{t("chat.here", { count })}</span>;
}
