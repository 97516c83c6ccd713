import { type ComponentType, type MouseEvent, useEffect, useRef, useState } from "react";

/** A newer version of the site has other scripts: the page is loaded anew, with what its parts have kept. */
const startAnew = (): void => {
  if (navigator.onLine) location.reload();
};

/** A part of the page whose script is fetched when somebody asks for it; hidden, the focus is where it was asked for. */
export function useOnDemand<Props>(load: () => Promise<ComponentType<Props>>) {
  const opener = useRef<HTMLElement>(null);
  const [Part, setPart] = useState<ComponentType<Props>>();
  return {
    Part,
    show(event: MouseEvent<HTMLElement>): void {
      opener.current = event.currentTarget;
      load().then((part) => setPart(() => part), startAnew);
    },
    hide(): void {
      opener.current?.focus();
      setPart(undefined);
    },
  };
}

/** The same for what nobody asks for by a click: from when it is wanted on, or null when it cannot be fetched. */
export function usePart<Props>(load: () => Promise<ComponentType<Props>>, isWanted: boolean) {
  const [Part, setPart] = useState<ComponentType<Props> | null>();
  useEffect(() => {
    if (isWanted)
      load().then(
        (part) => setPart(() => part),
        () => setPart(null),
      );
  }, [load, isWanted]);
  return Part;
}
