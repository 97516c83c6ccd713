import { PageLink } from "../ui/page-link";
import { useWords } from "../words/words";
import { Courtyard } from "./courtyard";

/** The first thing that a stranger sees: the site's name and the gate. */
export function Welcome() {
  const t = useWords();
  return (
    <section className="grid items-center gap-x-10 gap-y-6 grid-cols-[minmax(0,1fr)] sm:grid-cols-[minmax(0,1fr)_min(15rem,35%)]">
      <div>
        <h1 className="text-[1.75rem] leading-tight font-bold tracking-tight">{t("home.title")}</h1>
        <p className="mt-4">{t("home.lead")}</p>
        <p className="mt-7 flex flex-wrap items-center gap-x-4 gap-y-2">
          <PageLink href="/chat" className="pill-button">
            {t("home.enter")}
          </PageLink>
          <span className="text-small text-faint">
            <span>{t("home.note")}</span>{" "}
            <PageLink href="/me" className="underline underline-offset-4">
              {t("home.me")}
            </PageLink>
          </span>
        </p>
      </div>
      <Courtyard />
    </section>
  );
}
