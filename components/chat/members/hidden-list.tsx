import type { MouseEvent } from "react";
import type { VisitorId } from "../../../protocol/events";
import { useWords } from "../../words/words";
import { showAgain, useHidden } from "./hidden-visitors";
import { MemberName } from "./member-name";

/** All visitors that this visitor has hidden, present or not, with buttons to show them again. */
export function HiddenList() {
  const t = useWords();
  const hidden = useHidden();
  if (hidden.size === 0) return null;
  return (
    <section aria-labelledby="hidden-title" className="hidden-section">
      <h3 id="hidden-title">{t("hidden.title")}</h3>
      <ul className="hidden-list">
        {[...hidden.values()].map((member) => (
          <li key={member.id}>
            <MemberName member={member} />
            <button
              type="button"
              aria-label={t("hidden.showOf", { name: member.name })}
              className="talk-link"
              onClick={(event) => letGo(event, member.id)}
            >
              {t("hidden.show")}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The button disappears with the name: the next one takes the focus, or the one before it. */
function letGo({ currentTarget }: MouseEvent<HTMLButtonElement>, id: VisitorId): void {
  const buttons = [...(currentTarget.closest("dialog")?.querySelectorAll("button") ?? [])];
  const here = buttons.indexOf(currentTarget);
  (buttons[here + 1] ?? buttons[here - 1])?.focus();
  showAgain(id);
}
