import { useEffect, useState } from "react";

const thanksMs = 2_000;

/** Copies a text, and says for a moment that it did; `label` is what a box says that offers it where copying is refused. */
export function useCopy(label: string) {
  const [isCopied, setCopied] = useState(false);

  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), thanksMs);
    return () => clearTimeout(timer);
  }, [isCopied]);

  return {
    isCopied,
    copy: (text: string): void =>
      void write(text).then(
        () => setCopied(true),
        () => window.prompt(label, text),
      ),
  };
}

/** The Clipboard API is missing over plain http; then a box at least lets the text be copied by hand. */
const write = async (text: string): Promise<void> => navigator.clipboard.writeText(text);
