import { type ComponentType, useEffect, useRef, useState } from "react";
import { useWords } from "../words/words";
import { keepAsking } from "./keep-asking";

/** The callbacks by which a part asks to be closed. */
type Ends = { onClose?: () => void; onEnd?: () => void };

/** Loads the file whose default export is the part. */
type Load<Props> = () => Promise<{ default: ComponentType<Props> }>;

/** Replaces a part whose script fails to load; the loading is retried until the reader cancels. */
function Away({ onClose, onEnd }: Ends) {
  const t = useWords();
  return (
    <div role="alert" className="part-away">
      <span>{t("part.away")}</span>
      <button type="button" className="text-button" onClick={onClose ?? onEnd}>
        {t("me.cancel")}
      </button>
    </div>
  );
}

/** A part of the page whose script loads when the part is opened; closing returns the focus to its opener. */
export function useOnDemand<Props extends Ends>(load: Load<Props>) {
  const opener = useRef<HTMLElement>(null);
  const [isAsked, setAsked] = useState(false);
  const Part = usePart(load, isAsked);
  return {
    isAsked,
    Part: isAsked ? (Part === null ? (Away as ComponentType<Props>) : Part) : undefined,
    show({ currentTarget }: { currentTarget: HTMLElement }): void {
      opener.current = currentTarget;
      setAsked(true);
    },
    hide(): void {
      opener.current?.focus();
      setAsked(false);
    },
  };
}

/** The same without a click: the part loads once `isWanted` is true; null while its script fails to load. */
export function usePart<Props>(load: Load<Props>, isWanted: boolean) {
  const [Part, setPart] = useState<ComponentType<Props> | null>();
  useEffect(() => {
    if (!isWanted) return;
    return keepAsking(
      load,
      (part) => setPart(() => part.default),
      () => setPart(null),
    );
  }, [load, isWanted]);
  return Part;
}
