import { useEffect, useState } from "react";
import { Icon } from "../ui/icon";
import { IconButton } from "../ui/icon-button";
import { useWords } from "../words/words";

const thanksMs = 2_000;

/** Copies the address of a message, and says so for a moment. */
export function CopyLink({ seq }: { seq: number }) {
  const t = useWords();
  const [isCopied, setCopied] = useState(false);

  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), thanksMs);
    return () => clearTimeout(timer);
  }, [isCopied]);

  return (
    <IconButton
      label={isCopied ? t("message.linked") : t("message.link")}
      onClick={() => copyAddress(seq).then(() => setCopied(true), showAddress(seq))}
    >
      <Icon name={isCopied ? "check" : "link"} />
    </IconButton>
  );
}

const addressOf = (seq: number): string => new URL(`#${seq}`, location.href).href;

const copyAddress = async (seq: number): Promise<void> => navigator.clipboard.writeText(addressOf(seq));

/** Without the Clipboard API (plain http) the address bar has the link. */
const showAddress = (seq: number) => (): void => history.replaceState(history.state, "", addressOf(seq));
