import { useEffect, useRef } from "react";
import type { Role } from "../../protocol/events";
import css from "../../styles/owner/section-nav.module.css";
import { useWords } from "../words/words";
import { type Place, sectionsFor } from "./sections";

type Props = { place: Place; role: Role; reports: number };

/** The sections as links: each has an address, and Back leads to the one before. */
export function SectionNav({ place, role, reports }: Props) {
  const t = useWords();
  const list = useRef<HTMLUListElement>(null);
  const { section: chosen } = place;
  // biome-ignore lint/correctness/useExhaustiveDependencies: on a phone the row is scrolled to the chosen one
  useEffect(() => {
    list.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [chosen]);
  return (
    <nav aria-label={t("owner.sections")} className={css.nav}>
      <ul ref={list}>
        {sectionsFor(role).map((section) => (
          <li key={section}>
            <a href={`#${section}`} aria-current={section === chosen ? "page" : undefined}>
              <span>{t(`owner.section.${section}`)}</span>
              {section === "reports" && reports > 0 && (
                <span className={css.badge}>
                  <span aria-hidden="true">{reports}</span>
                  <span className="visually-hidden">{t("owner.openReports", { count: reports })}</span>
                </span>
              )}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
