import { useCopy } from "./use-copy";

type Props = {
  label: string;
  /** The label for a moment after the text has been copied. */
  doneLabel: string;
  text: string;
};

/** Copies a text, and confirms it for a moment. */
export function CopyText({ label, doneLabel, text }: Props) {
  const { isCopied, copy } = useCopy(label);
  return (
    <button type="button" className="text-button" onClick={() => copy(text)}>
      {isCopied ? doneLabel : label}
    </button>
  );
}
