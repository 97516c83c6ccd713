import type { Home } from "../../content/page-props";
import { PageLink } from "../ui/page-link";
import { useWords } from "../words/words";
import { Courtyard } from "./courtyard";

/** The first thing that a stranger sees: the site's greeting and the gate. */
export function Welcome({ home: { title, lead, picture } }: { home: Home }) {
  const t = useWords();
  return (
    <section className="welcome">
      <div>
        <h1>{title}</h1>
        <p className="welcome-lead">{lead}</p>
        <p className="welcome-gate">
          <PageLink href="/chat" className="pill-button">
            {t("home.enter")}
          </PageLink>
          <span className="fine-print">
            <span>{t("home.note")}</span>{" "}
            <PageLink href="/me" className="underlined-link">
              {t("home.me")}
            </PageLink>
          </span>
        </p>
      </div>
      {picture ? <img {...picture} alt="" className="welcome-picture" /> : <Courtyard />}
    </section>
  );
}
