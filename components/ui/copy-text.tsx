import { useCopy } from "./use-copy";

type Props = {
  label: string;
  /** What it is called for a moment once the text has been copied. */
  doneLabel: string;
  text: string;
};

/** Copies a text, and says so for a moment. */
export function CopyText({ label, doneLabel, text }: Props) {
  const { isCopied, copy } = useCopy(label);
  return (
    <button type="button" className="text-button" onClick={() => copy(text)}>
      {isCopied ? doneLabel : label}
    </button>
  );
}
