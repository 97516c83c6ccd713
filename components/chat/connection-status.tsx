import { useEffect, useState } from "react";
import { useWords } from "../words/words";
import { uptimeMs } from "./client/browser-environment";
import type { ChatState, Link } from "./state/chat-state";

type Props = { state: Pick<ChatState, "link" | "isDegraded">; onRetry: () => void };

/** Shorter trouble is not shown. */
const patienceMs = 2_000;

/** One line, shown only while there is trouble that lasts. */
export function ConnectionStatus({ state: { link, isDegraded }, onRetry }: Props) {
  const t = useWords();
  const isTrouble = link.is !== "live" || isDegraded;
  const now = useTicking(isTrouble);
  const line =
    isTrouble &&
    now !== undefined &&
    (link.is === "live" ? (
      <span>{t("link.degraded")}</span>
    ) : (
      <>
        <LinkSentence link={link} now={now} />
        {link.is !== "connecting" && (
          <button type="button" className="text-button" onClick={onRetry}>
            {t("link.retry")}
          </button>
        )}
      </>
    ));
  return (
    <div role="status" className={line ? "connection-line" : "visually-hidden"}>
      {line}
    </div>
  );
}

function LinkSentence({ link, now }: { link: Link; now: number }) {
  const t = useWords();
  const error = "error" in link ? link.error : undefined;
  if (error && error.code !== "unavailable" && error.code !== "rate_limited")
    return <span>{t("link.refused", { reason: t(`error.${error.code}`) })}</span>;
  if (!navigator.onLine) return <span>{t("link.offline")}</span>;
  if (error?.scope === "network") return <span>{t("link.crowded")}</span>;
  const connecting = t("link.connecting");
  // The countdown is only for the eye: a screen reader would read out each second.
  return (
    <>
      <span className="visually-hidden">{connecting}</span>
      <span aria-hidden="true">
        {link.is === "waiting"
          ? t("link.waiting", { count: Math.max(1, Math.ceil((link.retryAt - now) / 1_000)) })
          : connecting}
      </span>
    </>
  );
}

/** The page's uptime, twice a second, once the trouble has lasted for `patienceMs`. */
function useTicking(isTrouble: boolean): number | undefined {
  const [now, setNow] = useState<number>();
  useEffect(() => {
    if (!isTrouble) return;
    let timer = setTimeout(tick, patienceMs);
    function tick(): void {
      setNow(uptimeMs());
      timer = setTimeout(tick, 500);
    }
    return () => {
      clearTimeout(timer);
      setNow(undefined);
    };
  }, [isTrouble]);
  return now;
}
