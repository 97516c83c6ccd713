import type { Entry, Member } from "../../../protocol/events";
import type { Draft } from "../broker";

/** An entry as the store keeps and publishes it: JSON that a script assembles around these parts. */

/** The part of a message's JSON that follows its author, without braces. */
export const messageTail = (draft: Draft): string =>
  JSON.stringify({
    text: draft.text,
    clientMessageId: draft.clientMessageId,
    ...(draft.replyTo === undefined ? {} : { replyTo: draft.replyTo }),
  }).slice(1, -1);

export const memberLine = (member: Member): string => JSON.stringify({ id: member.id, name: member.name });

// Only our own scripts write these lines, from values that were parsed at the door.
export const readEntry = (line: string): Entry => JSON.parse(line) as Entry;
export const readMember = (line: string): Member => JSON.parse(line) as Member;

/**
 * Reads a typing message of a room's channel: `~1 member` types, `~0 member` no longer does. No epoch begins with a
 * tilde. Undefined for an entry.
 */
export function readTyping(message: string): { member: Member; isTyping: boolean } | undefined {
  if (!message.startsWith("~")) return undefined;
  return { member: readMember(message.slice(3)), isTyping: message.startsWith("~1") };
}

/** Reads an entry of a room's channel: `epoch seq entry`. */
export function readAppended(message: string): { epoch: string; seq: number; line: string } {
  const afterEpoch = message.indexOf(" ");
  const afterSeq = message.indexOf(" ", afterEpoch + 1);
  return {
    epoch: message.slice(0, afterEpoch),
    seq: Number(message.slice(afterEpoch + 1, afterSeq)),
    line: message.slice(afterSeq + 1),
  };
}
