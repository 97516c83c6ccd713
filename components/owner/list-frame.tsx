import type { ReactNode } from "react";
import css from "../../styles/owner/list-frame.module.css";
import { useWords } from "../words/words";
import type { List } from "./use-list";

type Props<Item> = {
  list: List<Item>;
  /** Said where the list is empty. */
  none: string;
  label: string;
  onRetry: () => void;
  onMore: () => void;
  keyOf: (item: Item) => string;
  children: (item: Item) => ReactNode;
};

/** A list that is loading, has failed, is empty, or has items and perhaps more. */
export function ListFrame<Item>({ list, none, label, onRetry, onMore, keyOf, children }: Props<Item>) {
  const t = useWords();
  if (list.is === "loading") return <p className={css.quiet}>{t("owner.loading")}</p>;
  if (list.is === "failed")
    return (
      <p role="alert" className={css.quiet}>
        <span className="alarm">{t("owner.failed", { reason: t(`error.${list.code}`) })}</span>{" "}
        <button type="button" className="text-button" onClick={onRetry}>
          {t("owner.retry")}
        </button>
      </p>
    );
  if (list.items.length === 0) return <p className={css.quiet}>{none}</p>;
  return (
    <>
      <ul aria-label={label} className={css.list}>
        {list.items.map((item) => (
          <li key={keyOf(item)}>{children(item)}</li>
        ))}
      </ul>
      {list.more && (
        <button type="button" className={`quiet-button ${css.more}`} onClick={onMore}>
          {t("owner.more")}
        </button>
      )}
    </>
  );
}
