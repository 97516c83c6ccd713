import { useWords } from "../../words/words";

type Props = {
  count: number;
  /** Whether the count is current; otherwise it is the last one heard. */
  isCurrent?: boolean;
};

/** How many members are here now, with a pine-green dot. */
export function MemberCount({ count, isCurrent = true }: Props) {
  const t = useWords();
  return (
    <span className={isCurrent ? "member-count" : "member-count away"}>{t("chat.here", { count })}</span>
  );
}
