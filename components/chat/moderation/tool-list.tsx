import { useState } from "react";
import type { Member, ReportReason, Role, RoomId, SanctionKind } from "../../../protocol/events";
import { AskedTwice } from "../../ui/asked-twice";
import { Choice } from "../../ui/choice";
import { useLocale, useWords } from "../../words/words";
import type { Ask } from "../client/questions";
import { durationOf } from "../composer/duration";
import { type ActOutcome, clear, sanction, setModerator } from "./acts";
import { reasons } from "./reasons";

/** Who moderates, and where: without a room only everywhere. */
export type Moderating = {
  ask: Ask;
  role: Role | undefined;
  room: RoomId | undefined;
  /** Called when a role was given or taken. */
  changed: () => void;
};

type Props = Moderating & {
  member: Member;
  /** Resolves with a sentence that tells why the act failed. */
  run: (act: Promise<ActOutcome>) => Promise<string | undefined>;
};

const minuteMs = 60_000;
const muteTimes = [10 * minuteMs, 60 * minuteMs, 24 * 60 * minuteMs] as const;

/** A member with a role cannot be sanctioned (O-4): only the owner can change that role. */
export function ToolList(props: Props) {
  const { member, role, ask, changed, run } = props;
  const t = useWords();
  const isOwner = role === "owner";
  return (
    <>
      {!member.role && <Sanctions {...props} />}
      {member.role !== "owner" && isOwner && (
        <div className="tool-list">
          <button
            type="button"
            onClick={() => void run(setModerator({ ask, changed }, member, !member.role))}
          >
            {t(member.role ? "moderation.demote" : "moderation.promote")}
          </button>
        </div>
      )}
      {(member.role === "owner" || (member.role && !isOwner)) && <p>{t("moderation.protected")}</p>}
    </>
  );
}

type Place = "here" | "everywhere";

/** The place and the reason are chosen before the act, with one tap each; without them it holds everywhere. */
function Sanctions({ member, ask, room: here, run }: Props) {
  const t = useWords();
  const [place, setPlace] = useState<Place>("everywhere");
  const [reason, setReason] = useState<ReportReason>();
  const room: RoomId | undefined = place === "here" ? here : undefined;

  const set = (kind: SanctionKind, more: { forMs?: number; hasNetwork?: boolean } = {}) =>
    void run(
      sanction(ask, {
        visitor: member.id,
        kind,
        ...(room !== undefined && { room }),
        ...(reason && { reason }),
        ...more,
      }),
    );

  return (
    <>
      {here !== undefined && (
        <Choice
          label={t("moderation.place")}
          options={[
            { value: "everywhere", label: t("moderation.everywhere") },
            { value: "here", label: t("moderation.here") },
          ]}
          chosen={place}
          onChoose={setPlace}
        />
      )}
      <Choice
        label={t("moderation.reason")}
        options={reasons.map((value) => ({ value, label: t(`reason.${value}`) }))}
        chosen={reason}
        onChoose={setReason}
      />
      <MuteTimes mute={(forMs) => set("mute", forMs === undefined ? {} : { forMs })} />
      <div className="tool-list">
        <button type="button" onClick={() => set("shadow")}>
          {t("moderation.shadow")}
        </button>
        <button type="button" onClick={() => set("ban")}>
          {t("moderation.ban")}
        </button>
        <button type="button" onClick={() => set("ban", { hasNetwork: true })}>
          {t("moderation.banNetwork")}
        </button>
      </div>
      <AskedTwice
        label={t("moderation.clear")}
        question={t(room === undefined ? "moderation.clearAskAll" : "moderation.clearAsk", {
          name: member.name,
        })}
        yes={t("message.remove")}
        no={t("me.cancel")}
        act={() => run(clear(ask, member, room))}
      />
    </>
  );
}

/** One button for each length of a mute; the last one mutes without an end. */
function MuteTimes({ mute }: { mute: (forMs?: number) => void }) {
  const t = useWords();
  const locale = useLocale();
  return (
    // biome-ignore lint/a11y/useSemanticElements: nothing here is filled in
    <div role="group" aria-label={t("moderation.mute")} className="mute-times">
      <span aria-hidden="true">{t("moderation.mute")}</span>
      {muteTimes.map((forMs) => (
        <button key={forMs} type="button" className="quiet-button" onClick={() => mute(forMs)}>
          {durationOf(forMs, locale)}
        </button>
      ))}
      <button type="button" className="quiet-button" onClick={() => mute()}>
        {t("moderation.forGood")}
      </button>
    </div>
  );
}
