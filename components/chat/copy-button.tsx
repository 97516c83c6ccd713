import { useEffect, useState } from "react";
import { Icon } from "../ui/icon";
import { IconButton } from "../ui/icon-button";

type Props = {
  label: string;
  /** What it is called for a moment once the address has been copied. */
  doneLabel: string;
  address: () => string;
};

const thanksMs = 2_000;

/** Copies an address, and says so for a moment. */
export function CopyLink({ label, doneLabel, address }: Props) {
  const [isCopied, setCopied] = useState(false);

  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), thanksMs);
    return () => clearTimeout(timer);
  }, [isCopied]);

  return (
    <IconButton
      label={isCopied ? doneLabel : label}
      onClick={() => copy(address()).then(() => setCopied(true), offer(label, address()))}
    >
      <Icon name={isCopied ? "check" : "link"} />
    </IconButton>
  );
}

const copy = async (text: string): Promise<void> => navigator.clipboard.writeText(text);

/** The Clipboard API is missing over plain http; this box at least lets the address be copied by hand. */
const offer = (label: string, text: string) => (): void => void window.prompt(label, text);
