import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";

type Props = {
  question: string;
  yes: string;
  no: string;
  /** Performs the action. Resolves with a sentence that tells why it failed, or with nothing on success. */
  act: () => Promise<string | undefined>;
  onNo: () => void;
};

type Asking = { is: "asking" } | { is: "acting" } | { is: "failed"; why: string };

/** Asks for confirmation before an irreversible action, in the place of its button. */
export function Confirm({ question, yes, no, act, onNo }: Props) {
  const questionId = useId();
  const refuse = useRef<HTMLButtonElement>(null);
  const [asking, setAsking] = useState<Asking>({ is: "asking" });

  useEffect(() => refuse.current?.focus(), []);

  async function accept(): Promise<void> {
    if (asking.is === "acting") return;
    setAsking({ is: "acting" });
    const why = await act();
    if (why !== undefined) setAsking({ is: "failed", why });
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    // Handled: an enclosing panel must not close as well.
    event.preventDefault();
    onNo();
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: nothing here is filled in
    <div role="group" aria-labelledby={questionId} className="confirm" onKeyDown={onKeyDown}>
      <p id={questionId}>{question}</p>
      <div className="confirm-answers">
        <button type="button" className="text-button" aria-disabled={asking.is === "acting"} onClick={accept}>
          {yes}
        </button>
        <button ref={refuse} type="button" className="text-button" onClick={onNo}>
          {no}
        </button>
      </div>
      <p role="alert" className="alarm">
        {asking.is === "failed" && asking.why}
      </p>
    </div>
  );
}
