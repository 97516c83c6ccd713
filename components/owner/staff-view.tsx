import Head from "next/head";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Member, Overview, RoomId } from "../../protocol/events";
import css from "../../styles/owner/staff-view.module.css";
import { ToolsSheet } from "../chat/moderation/tools-sheet";
import { useWords } from "../words/words";
import { createNames } from "./names";
import { Numbers } from "./numbers";
import type { OwnerClient, OwnerState } from "./owner-client";
import { Resign } from "./resign";
import { SectionNav } from "./section-nav";
import { SectionView } from "./section-view";
import { type Staff, StaffContext } from "./staff-context";
import { usePlace } from "./use-place";

type Props = {
  client: OwnerClient;
  state: OwnerState;
  overview: Overview;
  titles: Readonly<Record<RoomId, string>>;
};
type Opened = { member: Member; room: RoomId | undefined; opener: HTMLElement; times: number };

/** How long the sentence about an act is shown. */
const saidMs = 6_000;

/** The page of a visitor with a role: the numbers, and the sections. */
export function StaffView({ client, state, overview, titles }: Props) {
  const t = useWords();
  const place = usePlace(overview.role);
  const [opened, setOpened] = useState<Opened>();
  const [acts, setActs] = useState(0);
  const { said, say } = useSaid();
  const heading = useFocusOnChange(place.section);
  const names = useMemo(() => createNames(client.ask), [client]);
  const staff: Staff = {
    ...{ ask: client.ask, refresh: client.refresh, self: state.self, reportsChanged: state.reportsChanged },
    ...{ overview, names, say, acts },
    titleOf: (room, title) =>
      titles[room] ?? title ?? overview.rooms.find(({ id }) => id === room)?.title ?? room,
    moderate: (member, room, { currentTarget: opener }) =>
      setOpened((before) => ({ member, room, opener, times: (before?.times ?? 0) + 1 })),
  };
  const { reports } = overview;
  return (
    <StaffContext value={staff}>
      <Head>
        <title>{`${reports > 0 ? `(${reports}) ` : ""}${t("owner.title")} · ${t("site.name")}`}</title>
      </Head>
      <div className={css.page}>
        <div className={css.head}>
          <h1 className="page-title">{t("owner.title")}</h1>
          <Numbers overview={overview} />
        </div>
        <SectionNav place={place} role={overview.role} reports={reports} />
        <section aria-labelledby="owner-section" className={css.section}>
          <h2 ref={heading} id="owner-section" tabIndex={-1} className={css.title}>
            {t(`owner.section.${place.section}`)}
          </h2>
          <SectionView place={place} />
          {overview.role === "owner" && place.section === "overview" && (
            <Resign ask={client.ask} onResigned={client.refresh} />
          )}
        </section>
      </div>
      <p role="status" className={said ? css.said : "visually-hidden"}>
        {said}
      </p>
      {opened && (
        <ToolsSheet
          key={opened.times}
          {...opened}
          {...{ ask: client.ask, role: overview.role, changed: client.refresh }}
          onDone={() => setActs((before) => before + 1)}
          onClose={() => {
            opened.opener.focus();
            setOpened(undefined);
          }}
        />
      )}
    </StaffContext>
  );
}

function useSaid() {
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (said === "") return;
    const timer = setTimeout(() => setSaid(""), saidMs);
    return () => clearTimeout(timer);
  }, [said]);
  return { said, say: useCallback((sentence: string) => setSaid(sentence), []) };
}

/** After a change the focus is at the section's heading, which is where its content begins. */
function useFocusOnChange(section: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(section);
  useEffect(() => {
    if (shown.current === section) return;
    shown.current = section;
    heading.current?.focus({ preventScroll: true });
  }, [section]);
  return heading;
}
