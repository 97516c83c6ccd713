import { useState } from "react";
import type { Locale, VisitorId, WireError } from "../../protocol/events";
import { inTime } from "../rooms/ago";
import { FieldForm } from "../ui/field-form";
import { type Translate, useLocale, useWords } from "../words/words";
import type { ConversationsClient } from "./conversations-client";
import { visitorIn } from "./visitor-id";

type Trouble = { is: "malformed" | "own" } | { is: "refused"; error: WireError };

type Props = {
  self: VisitorId | undefined;
  begin: ConversationsClient["begin"];
  onBegun: (partner: VisitorId) => void;
};

/** Starts a conversation with the visitor whose id is entered. */
export function BeginConversation({ self, begin, onBegun }: Props) {
  const t = useWords();
  const locale = useLocale();
  const [text, setText] = useState("");
  const [isOpening, setOpening] = useState(false);
  const [trouble, setTrouble] = useState<Trouble>();

  async function submit(): Promise<void> {
    if (isOpening) return;
    const partner = visitorIn(text);
    if (!partner) return setTrouble({ is: "malformed" });
    if (partner === self) return setTrouble({ is: "own" });
    setOpening(true);
    const answer = await begin(partner);
    setOpening(false);
    if (answer.ok) onBegun(partner);
    else setTrouble({ is: "refused", error: answer.error });
  }

  return (
    <FieldForm
      id="partner-id"
      label={t("direct.field")}
      value={text}
      missing={t("direct.missing")}
      isInvalid={trouble !== undefined}
      action={t(isOpening ? "direct.opening" : "direct.open")}
      isDisabled={isOpening}
      onChange={(value) => {
        setText(value);
        setTrouble(undefined);
      }}
      onSubmit={submit}
      note={trouble && <span className="alarm">{sentenceOf(trouble, t, locale)}</span>}
    />
  );
}

function sentenceOf(trouble: Trouble, t: Translate, locale: Locale): string {
  if (trouble.is !== "refused") return t(`direct.${trouble.is}`);
  const { code, retryAfterMs, scope } = trouble.error;
  if (code === "forbidden") return t("direct.refused");
  if (code === "bad_request" || code === "room_not_found") return t("direct.malformed");
  if (scope === "newcomer" && retryAfterMs !== undefined)
    return t("direct.newcomer.text", { when: inTime(retryAfterMs, locale) });
  if (code === "rate_limited" && retryAfterMs !== undefined)
    return t("direct.tooOften.text", { when: inTime(retryAfterMs, locale) });
  return t("direct.failed", { reason: t(`error.${code}`) });
}
