import { type ComponentType, type MouseEvent, useEffect, useRef, useState } from "react";
import { useWords } from "../words/words";
import { keepAsking } from "./keep-asking";

/** How a part tells that it is to go. */
type Ends = { onClose?: () => void; onEnd?: () => void };

/** Stands in the place of a part whose script does not come: it is asked for again until its reader gives up. */
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

/** A part of the page whose script is fetched when it is asked for; hidden, the focus is where it was asked for. */
export function useOnDemand<Props extends Ends>(load: () => Promise<ComponentType<Props>>) {
  const opener = useRef<HTMLElement>(null);
  const [isAsked, setAsked] = useState(false);
  const Part = usePart(load, isAsked);
  return {
    isAsked,
    Part: isAsked ? (Part === null ? (Away as ComponentType<Props>) : Part) : undefined,
    show(event: MouseEvent<HTMLElement>): void {
      opener.current = event.currentTarget;
      setAsked(true);
    },
    hide(): void {
      opener.current?.focus();
      setAsked(false);
    },
  };
}

/** The same for what is asked for by no click: from when it is wanted on, or null while it does not come. */
export function usePart<Props>(load: () => Promise<ComponentType<Props>>, isWanted: boolean) {
  const [Part, setPart] = useState<ComponentType<Props> | null>();
  useEffect(() => {
    if (!isWanted) return;
    return keepAsking(
      load,
      (part) => setPart(() => part),
      () => setPart(null),
    );
  }, [load, isWanted]);
  return Part;
}
