import { useState } from "react";
import { useWords } from "../../words/words";
import type { ChatClient } from "../client/chat-client";

type Props = { count: number; read: ChatClient["readMembers"] };
type Reading = { is: "ready"; from: string | undefined } | { is: "reading" } | { is: "refused" };

/** How many members the list lacks, as a button that reads a page of them. */
export default function MoreMembers({ count, read }: Props) {
  const t = useWords();
  const [reading, setReading] = useState<Reading>({ is: "ready", from: undefined });

  async function readOn(): Promise<void> {
    if (reading.is !== "ready") return;
    setReading({ is: "reading" });
    const { from } = reading;
    const result = await read(from).catch(() => ({ is: "failed" as const }));
    if (result.is === "refused") return setReading({ is: "refused" });
    setReading({ is: "ready", from: result.is === "read" ? result.next : from });
  }

  if (reading.is === "refused") return <p className="fine-print">{t("chat.unlisted", { count })}</p>;
  return (
    <button
      ref={passFocusOn}
      type="button"
      className="text-button"
      aria-disabled={reading.is === "reading"}
      onClick={() => void readOn()}
    >
      {t("chat.listMore", { count })}
    </button>
  );
}

/** When the list is whole the button goes; the focus then stays at the list, which stands before it. */
function passFocusOn(button: HTMLButtonElement) {
  const list = button.previousElementSibling as HTMLElement | null;
  return () => {
    if (document.activeElement === button) list?.focus();
  };
}
