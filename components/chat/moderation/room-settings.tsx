import { type FormEvent, useState } from "react";
import type { Room, RulesInput } from "../../../protocol/events";
import { isReservedRoom } from "../../../protocol/limits";
import { Choice } from "../../ui/choice";
import { Dialog } from "../../ui/dialog";
import { Field } from "../../ui/field";
import { TextArea } from "../../ui/text-area";
import { useLocale, useWords } from "../../words/words";
import type { ChatClient } from "../client/chat-client";
import { type Refusal, refusalOf } from "../client/refusal";
import { durationOf } from "../composer/duration";

type Props = {
  room: Room;
  ask: ChatClient["ask"];
  /** False for the maker of a room, who may only rename it. */
  mayRule: boolean;
  onClose: () => void;
};

const slowTimes = [0, 5_000, 30_000, 60_000, 600_000] as const;
const writers = ["all", "settled", "moderators"] as const;
const links = ["all", "settled", "none"] as const;

type Saving = { is: "editing"; refusal?: Refusal } | { is: "saving" };

/** A room's title, welcome and rules (O-5). */
export default function RoomSettings({ room, ask, mayRule, onClose }: Props) {
  const t = useWords();
  const { rules, title, change } = useSettings(room);
  const [saving, setSaving] = useState<Saving>({ is: "editing" });
  const refusal = saving.is === "editing" ? saving.refusal : undefined;
  const mayRename = !isReservedRoom(room.id);

  async function save(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const dialog = event.currentTarget.closest("dialog");
    if (saving.is === "saving") return;
    setSaving({ is: "saving" });
    const isRenamed = mayRename && title.trim() !== room.title;
    const renaming = isRenamed ? await refusalOf(ask("room:rename", { room: room.id, title })) : undefined;
    const ruling = renaming ?? (mayRule ? await refusalOf(ask("room:rules", rules)) : undefined);
    setSaving({ is: "editing", refusal: ruling });
    if (!ruling) dialog?.close();
  }

  return (
    <Dialog shape="sheet" title={t("settings.title")} closeLabel={t("chat.close")} onClose={onClose}>
      <form className="room-settings" onSubmit={save}>
        {mayRename && (
          <Field
            id="room-settings-title"
            label={t("settings.name")}
            value={title}
            autoComplete="off"
            onChange={(value) => change({ title: value })}
          />
        )}
        {mayRule && <Rules rules={rules} change={(patch) => change({ rules: patch })} />}
        <p role="status" className="alarm">
          {refusal && t("settings.failed", { reason: t(`error.${refusal}`) })}
        </p>
        <button type="submit" className="pill-button" aria-disabled={saving.is === "saving"}>
          {t("settings.save")}
        </button>
      </form>
    </Dialog>
  );
}

type Settings = { title: string; rules: RulesInput };

function useSettings({ id, title, rules = {} }: Room) {
  const [settings, setSettings] = useState<Settings>({
    title,
    rules: { room: id, slowMs: 0, writers: "all", links: "all", welcome: null, ...rules },
  });
  const change = (patch: { title?: string; rules?: Partial<RulesInput> }) =>
    setSettings((before) => ({ ...before, ...patch, rules: { ...before.rules, ...patch.rules } }));
  return { ...settings, change };
}

function Rules({ rules, change }: { rules: RulesInput; change: (patch: Partial<RulesInput>) => void }) {
  const t = useWords();
  const locale = useLocale();
  // A rule may have been set to a time that is not offered here.
  const times = [...new Set([...slowTimes, rules.slowMs ?? 0])].sort((a, b) => a - b);
  return (
    <>
      <TextArea
        id="room-settings-welcome"
        label={t("settings.welcome")}
        rows={3}
        value={rules.welcome ?? ""}
        onChange={(welcome) => change({ welcome: welcome || null })}
      />
      <Choice
        label={t("settings.slow")}
        options={times.map((ms) => ({
          value: String(ms),
          label: ms === 0 ? t("settings.off") : durationOf(ms, locale),
        }))}
        chosen={String(rules.slowMs)}
        onChoose={(ms) => change({ slowMs: Number(ms) })}
      />
      <Choice
        label={t("settings.writers")}
        options={writers.map((value) => ({ value, label: t(`settings.writers.${value}`) }))}
        chosen={rules.writers}
        onChoose={(value) => change({ writers: value })}
      />
      <Choice
        label={t("settings.links")}
        options={links.map((value) => ({ value, label: t(`settings.links.${value}`) }))}
        chosen={rules.links}
        onChoose={(value) => change({ links: value })}
      />
    </>
  );
}
