import { type FormEvent, useEffect, useRef, useState } from "react";
import type { Member } from "../../../protocol/events";
import { Dialog } from "../../ui/dialog";
import { Sentence, type Translate, useWords } from "../../words/words";
import type { ChatClient } from "../client/chat-client";
import type { Refusal } from "../client/refusal";
import { MemberName } from "./member-name";
import { excessOf, nameLength } from "./name-length";

type Client = Pick<ChatClient, "rename" | "suggestNames">;
type Props = { self: Member; client: Client; onClose: () => void };

/** `idea`: the name in the field is a random one. `kept`: the name did not change, for the reason `why`. */
type NameState =
  | { is: "none" }
  | { is: "asked" }
  | { is: "idea"; name: string }
  | { is: "kept"; why: string };

/**
 * Changes the visitor's name: to one that the visitor types, or to a random one. The room hears only of the name that
 * is taken in the end.
 */
export default function NameDialog({ self, client, onClose }: Props) {
  const t = useWords();
  const field = useRef<HTMLInputElement>(null);
  const { name, state, type, take, suggest } = useNameChoice(client);

  // After the dialog has opened, which moves the focus to its first button.
  useEffect(() => field.current?.focus(), []);

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const dialog = event.currentTarget.closest("dialog");
    if (await take()) dialog?.close();
  }

  return (
    <Dialog shape="sheet" title={t("name.title")} closeLabel={t("chat.close")} onClose={onClose}>
      <p role="status">
        <Sentence of="name.now" values={{ name: <MemberName member={self} /> }} />
      </p>
      <form className="name-form" onSubmit={submit}>
        <label htmlFor="name-field">{t("name.field")}</label>
        <input
          ref={field}
          id="name-field"
          value={name}
          dir="auto"
          autoComplete="off"
          enterKeyHint="done"
          aria-describedby="name-note"
          aria-invalid={state.is === "kept"}
          onChange={(event) => type(event.target.value)}
        />
        <p id="name-note" role="status" className="name-note">
          <NameNote state={state} />
        </p>
        <button type="submit" className="pill-button" aria-disabled={state.is === "asked"}>
          {t("name.take")}
        </button>
        <button
          type="button"
          className="text-button"
          aria-disabled={state.is === "asked"}
          onClick={() => suggest()}
        >
          {t("name.another")}
        </button>
      </form>
    </Dialog>
  );
}

function NameNote({ state }: { state: NameState }) {
  const t = useWords();
  if (state.is === "kept")
    return (
      <span key={state.why} className="alarm">
        {state.why}
      </span>
    );
  if (state.is !== "idea") return <span key="hint">{t("name.hint", nameLength)}</span>;
  const name = (
    <bdi key={state.name} dir="auto">
      {state.name}
    </bdi>
  );
  return <Sentence of="name.idea" values={{ name }} />;
}

function useNameChoice({ rename, suggestNames }: Client) {
  const t = useWords();
  const [name, setName] = useState("");
  const [state, setState] = useState<NameState>({ is: "none" });
  const ideas = useRef<readonly string[]>([]);
  /** Counts the changes by typing. */
  const typed = useRef(0);

  /** Resolves to true when the name has changed. */
  async function take(): Promise<boolean> {
    if (state.is === "asked") return false;
    const excess = excessOf(name);
    if (excess !== 0) {
      const why = excess < 0 ? t("name.short", nameLength) : t("composer.over", { count: excess });
      setState({ is: "kept", why });
      return false;
    }
    setState({ is: "asked" });
    const refusal = await rename(name);
    setState(refusal ? { is: "kept", why: whyNot(refusal, t) } : { is: "none" });
    return !refusal;
  }

  /** Puts another random name into the field, unless the visitor types while it is on its way. */
  async function suggest(): Promise<void> {
    if (state.is === "asked") return;
    if (ideas.current.length === 0) {
      const before = typed.current;
      setState({ is: "asked" });
      const answer = await suggestNames();
      ideas.current = answer?.ok ? answer.names : [];
      if (typed.current !== before) return;
    }
    const [idea, ...others] = ideas.current;
    ideas.current = others;
    if (idea === undefined) return setState({ is: "kept", why: whyNot("unavailable", t) });
    setName(idea);
    setState({ is: "idea", name: idea });
  }

  function type(text: string): void {
    typed.current += 1;
    setName(text);
    setState({ is: "none" });
  }

  return { name, state, type, take, suggest };
}

function whyNot(refusal: NonNullable<Refusal>, t: Translate): string {
  if (refusal === "name_taken") return t("name.taken");
  if (refusal === "bad_request") return t("name.refused");
  return refusal === "rate_limited"
    ? t("name.tooOften")
    : t("name.failed", { reason: t(`error.${refusal}`) });
}
