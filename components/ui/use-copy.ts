import { useEffect, useState } from "react";

const thanksMs = 2_000;

/** Copies a text, and confirms it for a moment. Where copying is refused, a prompt with `label` offers the text. */
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

/** Rejects over plain http, which has no Clipboard API: the prompt then lets the reader copy by hand. */
const write = async (text: string): Promise<void> => navigator.clipboard.writeText(text);
