import { IconButton } from "../ui/icon-button";
import { useCopy } from "../ui/use-copy";

type Props = {
  label: string;
  /** The button's label for a moment after copying. */
  doneLabel: string;
  icon?: string;
  text: () => string;
};

/** Copies a text, most often an address, and says so for a moment. */
export function CopyButton({ label, doneLabel, icon = "link", text }: Props) {
  const { isCopied, copy } = useCopy(label);
  return (
    <IconButton
      label={isCopied ? doneLabel : label}
      word={isCopied ? doneLabel : label}
      onClick={() => copy(text())}
      icon={isCopied ? "check" : icon}
    />
  );
}
