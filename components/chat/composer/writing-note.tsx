import { useEffect, useState } from "react";
import type { RoomRules } from "../../../protocol/events";
import { useLocale, useWords } from "../../words/words";
import { uptimeMs } from "../client/browser-environment";
import { untilOf } from "../feed/moments";
import type { ChatState } from "../state/chat-state";
import { type Mute, rulesFor } from "../state/writing";
import { durationOf } from "./duration";

/** Above the message box: why the visitor cannot write and until when, or which rules hold for what it writes. */
export default function WritingNote({ state }: { state: ChatState }) {
  const t = useWords();
  const locale = useLocale();
  const { muted } = state;
  const rules = rulesFor(state) ?? {};
  const leftMs = useSlowLeft(state, rules.slowMs);
  return (
    <div className="writing-note">
      <div role="status">{muted ? <Muted mute={muted} /> : <Rules rules={rules} />}</div>
      {!muted && leftMs > 0 && (
        // Only for the eye: a screen reader would read out each second.
        <span aria-hidden="true">{t("rules.next", { time: durationOf(leftMs, locale) })}</span>
      )}
    </div>
  );
}

function Muted({ mute: { until } }: { mute: Mute }) {
  const t = useWords();
  const locale = useLocale();
  return <p>{until === undefined ? t("mute.open") : t("mute.until", { time: untilOf(until, locale) })}</p>;
}

function Rules({ rules }: { rules: RoomRules }) {
  const t = useWords();
  const locale = useLocale();
  const { slowMs, writers, links } = rules;
  if (writers === "moderators") return <p>{t("rules.writers.moderators")}</p>;
  return (
    <>
      {slowMs !== undefined && <p>{t("rules.slow", { time: durationOf(slowMs, locale) })}</p>}
      {writers && <p>{t(`rules.writers.${writers}`)}</p>}
      {links && <p>{t(`rules.links.${links}`)}</p>}
    </>
  );
}

/**
 * How long until the visitor's next message goes out, updated each second. The message box stays open: a message that is
 * written earlier waits, and goes out by itself.
 */
function useSlowLeft({ feed, presence }: ChatState, slowMs = 0): number {
  const own = feed.lines.findLast((line) => line.kind === "message" && line.by.id === presence.self?.id);
  const [end, setEnd] = useState(0);
  const [now, setNow] = useState(uptimeMs);
  const seq = own?.seq ?? 0;
  const at = own && "at" in own ? own.at : 0;

  useEffect(() => {
    // The clocks may differ: never longer than the rule says.
    const leftMs = Math.min(slowMs, Math.max(0, at + slowMs - Date.now()));
    setEnd(seq > 0 ? uptimeMs() + leftMs : 0);
    setNow(uptimeMs());
  }, [seq, at, slowMs]);

  useEffect(() => {
    if (now >= end) return;
    const timer = setTimeout(() => setNow(uptimeMs()), Math.min(1_000, end - now));
    return () => clearTimeout(timer);
  }, [now, end]);

  // Whole seconds: `durationOf` would take any other time for seconds as well.
  return Math.ceil(Math.max(0, end - now) / 1_000) * 1_000;
}
