import { useEffect, useState } from "react";

type Props = {
  label: string;
  /** What it is called for a moment once the text has been copied. */
  doneLabel: string;
  text: string;
};

const thanksMs = 2_000;

/** Copies a text, and says so for a moment. */
export function CopyText({ label, doneLabel, text }: Props) {
  const [isCopied, setCopied] = useState(false);

  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), thanksMs);
    return () => clearTimeout(timer);
  }, [isCopied]);

  return (
    <button
      type="button"
      className="text-button"
      onClick={() =>
        copy(text).then(
          () => setCopied(true),
          () => void window.prompt(label, text),
        )
      }
    >
      {isCopied ? doneLabel : label}
    </button>
  );
}

/** The Clipboard API is missing over plain http; then a box at least lets the text be copied by hand. */
const copy = async (text: string): Promise<void> => navigator.clipboard.writeText(text);
