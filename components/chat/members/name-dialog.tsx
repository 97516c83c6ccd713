import { type FormEvent, useState } from "react";
import type { Member } from "../../../protocol/events";
import { Dialog } from "../../ui/dialog";
import { Sentence, type Translate, useWords } from "../../words/words";
import type { ChatClient } from "../client/chat-client";
import type { Refusal } from "../client/refusal";
import { MemberName } from "./member-name";
import { excessOf, nameLength } from "./name-length";

type Props = { self: Member; rename: ChatClient["rename"]; onClose: () => void };

/** `kept`: the name did not change, for the reason `why`. */
type RenameState = { is: "none" } | { is: "asked" } | { is: "kept"; why: string };

/** Changes the visitor's name: to one they choose, or to a random one as often as they like. */
export default function NameDialog({ self, rename, onClose }: Props) {
  const t = useWords();
  const [name, setName] = useState("");
  const { renaming, setRenaming, ask } = useRenaming(rename);

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const dialog = event.currentTarget.closest("dialog");
    const excess = excessOf(name);
    if (excess === 0) (await ask(name)) && dialog?.close();
    else
      setRenaming({
        is: "kept",
        why: excess < 0 ? t("name.short", nameLength) : t("composer.over", { count: excess }),
      });
  }

  return (
    <Dialog shape="sheet" title={t("name.title")} closeLabel={t("chat.close")} onClose={onClose}>
      <p role="status">
        <Sentence of="name.now" values={{ name: <MemberName member={self} /> }} />
      </p>
      <form className="name-form" onSubmit={submit}>
        <label htmlFor="name-field">{t("name.field")}</label>
        <input
          id="name-field"
          value={name}
          dir="auto"
          autoComplete="off"
          enterKeyHint="done"
          aria-describedby="name-note"
          aria-invalid={renaming.is === "kept"}
          onChange={(event) => {
            setName(event.target.value);
            setRenaming({ is: "none" });
          }}
        />
        <p id="name-note" role="status" className="name-note">
          {renaming.is === "kept" ? (
            <span className="alarm">{renaming.why}</span>
          ) : (
            t("name.hint", nameLength)
          )}
        </p>
        <button type="submit" className="pill-button" aria-disabled={renaming.is === "asked"}>
          {t("name.take")}
        </button>
        <button
          type="button"
          className="text-button"
          aria-disabled={renaming.is === "asked"}
          onClick={() => ask()}
        >
          {t("name.another")}
        </button>
      </form>
    </Dialog>
  );
}

function useRenaming(rename: ChatClient["rename"]) {
  const t = useWords();
  const [renaming, setRenaming] = useState<RenameState>({ is: "none" });

  /** Resolves to true when the name has changed. */
  async function ask(wanted?: string): Promise<boolean> {
    if (renaming.is === "asked") return false;
    setRenaming({ is: "asked" });
    const refusal = await rename(wanted);
    setRenaming(refusal ? { is: "kept", why: whyNot(refusal, t) } : { is: "none" });
    return !refusal;
  }

  return { renaming, setRenaming, ask };
}

function whyNot(refusal: NonNullable<Refusal>, t: Translate): string {
  if (refusal === "name_taken") return t("name.taken");
  if (refusal === "bad_request") return t("name.refused");
  return refusal === "rate_limited"
    ? t("name.tooOften")
    : t("name.failed", { reason: t(`error.${refusal}`) });
}
