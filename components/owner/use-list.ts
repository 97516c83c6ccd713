import { useCallback, useEffect, useRef, useState } from "react";
import type { Ack, ErrorCode } from "../../protocol/events";

type Page<Item> = { items: Item[]; more: boolean };
/** Reads the items before a moment; without one, the newest. */
export type ReadPage<Item> = (before?: number) => Promise<Ack<Page<Item>> | undefined>;

export type List<Item> =
  | { is: "loading" }
  | { is: "failed"; code: ErrorCode }
  | ({ is: "read" } & Page<Item>);

/** A list that is read page by page, the newest first, and again from its beginning when `version` changes. */
export function useList<Item extends { at: number }>(read: ReadPage<Item>, version: unknown) {
  const [list, setList] = useState<List<Item>>({ is: "loading" });
  const latest = useRef(read);
  latest.current = read;
  const readings = useRef(0);

  const load = useCallback(async (known: Item[]): Promise<void> => {
    readings.current += 1;
    const reading = readings.current;
    const answer = await latest.current(known.at(-1)?.at);
    // A later reading has begun.
    if (reading !== readings.current) return;
    if (answer?.ok) setList({ is: "read", items: [...known, ...answer.items], more: answer.more });
    else setList({ is: "failed", code: answer?.error.code ?? "unavailable" });
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` says when to read again
  useEffect(() => void load([]), [load, version]);

  return {
    list,
    reload: () => load([]),
    readMore: () => load(list.is === "read" ? list.items : []),
    drop: (isGone: (item: Item) => boolean) =>
      setList((now) =>
        now.is === "read" ? { ...now, items: now.items.filter((item) => !isGone(item)) } : now,
      ),
  };
}
