import { useEffect, useState } from "react";
import { Icon, type IconName } from "../ui/icon";
import { IconButton } from "../ui/icon-button";

type Props = {
  label: string;
  /** What it is called for a moment once the text has been copied. */
  doneLabel: string;
  icon?: IconName;
  text: () => string;
};

const thanksMs = 2_000;

/** Copies a text, most often an address, and says so for a moment. */
export function CopyButton({ label, doneLabel, icon = "link", text }: Props) {
  const [isCopied, setCopied] = useState(false);

  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), thanksMs);
    return () => clearTimeout(timer);
  }, [isCopied]);

  return (
    <IconButton
      label={isCopied ? doneLabel : label}
      onClick={() => copy(text()).then(() => setCopied(true), offer(label, text()))}
    >
      <Icon name={isCopied ? "check" : icon} />
    </IconButton>
  );
}

const copy = async (text: string): Promise<void> => navigator.clipboard.writeText(text);

/** The Clipboard API is missing over plain http; this box at least lets the text be copied by hand. */
const offer = (label: string, text: string) => (): void => void window.prompt(label, text);
