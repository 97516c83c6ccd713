import { useState } from "react";
import type { SeenVisitor } from "../../protocol/events";
import css from "../../styles/owner/visitors-section.module.css";
import { FieldForm } from "../ui/field-form";
import { useWords } from "../words/words";
import { Moment } from "./moment";
import { RoomName } from "./room-name";
import { useStaff } from "./staff-context";
import { VisitorLink } from "./visitor-name";

type Search =
  | { is: "idle" }
  | { is: "asking" }
  | { is: "found"; visitors: readonly SeenVisitor[] }
  | { is: "failed"; why: string };

/** Visitors by a part of their name, or by id. */
export function VisitorsSection() {
  const t = useWords();
  const { ask } = useStaff();
  const [query, setQuery] = useState("");
  const [search, setSearch] = useState<Search>({ is: "idle" });

  async function find(): Promise<void> {
    setSearch({ is: "asking" });
    const answer = await ask("visitor:find", { query: query.trim() });
    if (answer?.ok) return setSearch({ is: "found", visitors: answer.visitors });
    const code = answer?.error.code ?? "unavailable";
    const isTooOften = code === "rate_limited";
    const why = isTooOften ? t("owner.visitors.tooOften") : t("owner.failed", { reason: t(`error.${code}`) });
    setSearch({ is: "failed", why });
  }

  return (
    <>
      <FieldForm
        id="owner-visitor"
        label={t("owner.visitors.field")}
        value={query}
        missing={t("owner.visitors.missing")}
        isInvalid={false}
        action={t("owner.visitors.find")}
        isDisabled={search.is === "asking"}
        onChange={setQuery}
        onSubmit={find}
        note={<SearchNote search={search} />}
      />
      {search.is === "found" && search.visitors.length > 0 && (
        <ul aria-label={t("owner.section.visitors")} className={css.found}>
          {search.visitors.map(({ visitor, name, role, room, at, isMember }) => (
            <li key={visitor}>
              <VisitorLink member={{ id: visitor, name, ...(role && { role }) }} />
              <span className={css.facts}>
                <RoomName room={room} />
                {isMember ? <span className={css.here}>{t("owner.visitor.here")}</span> : <Moment at={at} />}
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function SearchNote({ search }: { search: Search }) {
  const t = useWords();
  if (search.is === "failed") return <span className="alarm">{search.why}</span>;
  if (search.is === "found" && search.visitors.length === 0) return <span>{t("owner.visitors.none")}</span>;
  return <span>{t("owner.visitors.hint")}</span>;
}
