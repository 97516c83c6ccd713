import { useState } from "react";
import type { VisitorId, WireError } from "../../protocol/events";
import { TimeLeft } from "../rooms/time-left";
import { FieldForm } from "../ui/field-form";
import { Sentence, type Translate, useWords } from "../words/words";
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
      note={
        trouble && (
          <span className="alarm">
            <TroubleSentence trouble={trouble} onOver={() => setTrouble(undefined)} />
          </span>
        )
      }
    />
  );
}

function TroubleSentence({ trouble, onOver }: { trouble: Trouble; onOver: () => void }) {
  const t = useWords();
  if (trouble.is !== "refused") return t(`direct.${trouble.is}`);
  const { retryAfterMs, scope, code } = trouble.error;
  if (code !== "rate_limited" || retryAfterMs === undefined) return refusal(trouble.error, t);
  return (
    <Sentence
      of={scope === "newcomer" ? "direct.newcomer.text" : "direct.tooOften.text"}
      values={{ when: <TimeLeft ms={retryAfterMs} onOver={onOver} /> }}
    />
  );
}

function refusal({ code }: WireError, t: Translate): string {
  if (code === "forbidden") return t("direct.refused");
  if (code === "bad_request" || code === "room_not_found") return t("direct.malformed");
  return t("direct.failed", { reason: t(`error.${code}`) });
}
