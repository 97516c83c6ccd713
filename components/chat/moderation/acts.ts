import type { ErrorCode, Member, RoomId, SanctionInput } from "../../../protocol/events";
import type { WordKey } from "../../words/words";
import type { Ask } from "../client/questions";
import { type Refusal, refusalOf } from "../client/refusal";

/** An act that was carried out: a sentence about the member, and `undo` where the server can take it back. */
export type Done = { sentence: WordKey; count?: number; undo?: () => Promise<Refusal> };
export type ActOutcome = Done | { refusal: ErrorCode };

const unanswered: ActOutcome = { refusal: "unavailable" };

const sentences = {
  mute: "moderation.muted",
  shadow: "moderation.shadowed",
  ban: "moderation.banned",
} as const;

export async function sanction(ask: Ask, input: SanctionInput, now = Date.now): Promise<ActOutcome> {
  const answer = await ask("sanction:set", input);
  if (!answer) return unanswered;
  if (!answer.ok) return { refusal: answer.error.code };
  const { replaced } = answer;
  const setAt = now();
  const again = (before: SanctionInput): SanctionInput =>
    // It ends when it would have, however long its undoing took.
    before.forMs === undefined ? before : { ...before, forMs: Math.max(1, before.forMs - (now() - setAt)) };
  return {
    sentence: sentences[input.kind],
    undo: () =>
      refusalOf(replaced ? ask("sanction:set", again(replaced)) : ask("sanction:lift", { id: answer.id })),
  };
}

export async function clear(ask: Ask, member: Member, room: RoomId | undefined): Promise<ActOutcome> {
  const answer = await ask("messages:clear", { visitor: member.id, ...(room !== undefined && { room }) });
  if (!answer) return unanswered;
  if (!answer.ok) return { refusal: answer.error.code };
  return { sentence: "moderation.cleared", count: answer.removed };
}

/** `changed`: called when a role was given or taken, because no event tells of it. */
export async function setModerator(
  { ask, changed }: { ask: Ask; changed: () => void },
  { id }: Member,
  isModerator: boolean,
): Promise<ActOutcome> {
  const set = async (isOn: boolean): Promise<Refusal> => {
    const refusal = await refusalOf(ask("moderator:set", { visitor: id, isModerator: isOn }));
    if (!refusal) changed();
    return refusal;
  };
  const refusal = await set(isModerator);
  if (refusal) return { refusal };
  return {
    sentence: isModerator ? "moderation.promoted" : "moderation.demoted",
    undo: () => set(!isModerator),
  };
}
