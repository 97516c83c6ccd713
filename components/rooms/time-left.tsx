import { useEffect, useMemo, useState } from "react";
import { useLocale } from "../words/words";
import { inTime } from "./ago";

type Props = {
  /** The time that is left when it is first shown. */
  ms: number;
  onOver?: () => void;
};

/** "in 40 seconds", counted down. A timer is no live region, or a screen reader would read out each second. */
export function TimeLeft({ ms, onOver }: Props) {
  const locale = useLocale();
  const until = useMemo(() => Date.now() + ms, [ms]);
  const [left, setLeft] = useState(ms);

  useEffect(() => {
    const timer = setInterval(() => {
      setLeft(until - Date.now());
      if (until <= Date.now()) onOver?.();
    }, 500);
    return () => clearInterval(timer);
  }, [until, onOver]);

  return <span role="timer">{inTime(Math.max(1, left), locale)}</span>;
}
