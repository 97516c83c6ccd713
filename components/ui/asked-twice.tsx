import { useEffect, useRef, useState } from "react";
import { Confirm } from "./confirm";

type Props = {
  label: string;
  question: string;
  yes: string;
  no: string;
  /** As in Confirm. */
  act: () => Promise<string | undefined>;
};

/** A button that asks for confirmation, in its own place, before it acts. */
export function AskedTwice({ label, ...confirm }: Props) {
  const [isAsking, setAsking] = useState<boolean>();
  const opener = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (isAsking === false) opener.current?.focus();
  }, [isAsking]);

  if (isAsking) return <Confirm {...confirm} onNo={() => setAsking(false)} />;
  return (
    <button ref={opener} type="button" className="quiet-button" onClick={() => setAsking(true)}>
      {label}
    </button>
  );
}
