import { z } from "zod";
import {
  clientMessageIdPattern,
  maxHistoryLimit,
  maxTextBytes,
  maxTextGraphemes,
  maxTitleGraphemes,
  roomIdPattern,
  visitorIdPattern,
} from "../../protocol/limits";
import { locales, originalLocale } from "../../protocol/locales";
import { countBytes, countGraphemes, hasForbiddenControls, isBlank } from "../../protocol/text";
import { ChatError } from "../errors";
import { countInSlices } from "../lib/graphemes";
import { isReservedTitle } from "../names/reserved";
import { visibleLine } from "../names/visible-line";

/** What a client may send, field by field; unknown fields are dropped. */

/** Ample for 80 letters of any script; one grapheme alone could weigh a frame. */
const maxTitleBytes = 640;

const seq = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
const room = z.string().regex(roomIdPattern);
const visitor = z.string().regex(visitorIdPattern);
const cursor = z.object({ epoch: z.string().min(1).max(64), seq });
/** Lone surrogates cannot be written as UTF-8; every reader gets the same replacement (C-4). */
const text = z.string().transform((value) => value.toWellFormed());

export const inputs = {
  "room:join": z.object({ room, name: z.string().optional(), cursor: cursor.optional() }),
  "room:leave": z.object({ room }),
  "room:create": z.object({ room: room.optional(), title: text }),
  "room:list": z.object({}),
  "room:close": z.object({ room }),
  "name:change": z.object({ room, name: z.string().optional() }),
  "message:send": z.object({
    room,
    clientMessageId: z.string().regex(clientMessageIdPattern),
    text,
    replyTo: seq.min(1).optional(),
    since: cursor.optional(),
  }),
  "message:remove": z.object({ room, seq: seq.min(1) }),
  "typing:set": z.object({ room, typing: z.boolean() }),
  "history:read": z.object({
    room,
    before: seq.optional(),
    after: seq.optional(),
    limit: z.number().int().min(1).max(maxHistoryLimit),
  }),
  "direct:open": z.object({ with: visitor }),
  "direct:list": z.object({}),
  "direct:read": z.object({ room, seq }),
  "direct:drop": z.object({ room }),
  "direct:refuse": z.object({ refuse: z.boolean() }),
  "visitor:block": z.object({ visitor, blocked: z.boolean() }),
  "visitor:forget": z.object({ password: z.string().optional() }),
};

export type CommandName = keyof typeof inputs;
export type Inputs = { [Name in CommandName]: z.infer<(typeof inputs)[Name]> };
export type Command = { [Name in CommandName]: { name: Name; input: Inputs[Name] } }[CommandName];

const hexadecimal = z.string().regex(/^[0-9a-f]{1,128}$/);
const whole = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
/** Strict enough for our own challenges: one with another shape or an extra field was not signed by us. */
const challenge = z.object({
  parameters: z.object({
    algorithm: z.string().max(32),
    cost: whole,
    expiresAt: whole,
    keyLength: whole,
    keyPrefix: hexadecimal,
    keySignature: hexadecimal,
    nonce: hexadecimal,
    salt: hexadecimal,
  }),
  signature: hexadecimal,
});

const handshake = z.object({
  protocol: z.literal(1),
  token: z.string().nullish(),
  locale: z.enum(locales).default(originalLocale),
  proof: z
    .object({ challenge, solution: z.object({ counter: whole.max(0xffff_ffff), derivedKey: hexadecimal }) })
    .optional(),
});

/** Throws ChatError("bad_request") that names the first field at fault, and never what was in it. */
export function parse<Schema extends z.ZodType>(schema: Schema, input: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.map(String).join(".") ?? "";
  throw new ChatError(
    "bad_request",
    field === "" ? undefined : `The field ${field} is missing or not valid.`,
  );
}

export const parseHandshake = (auth: unknown) => parse(handshake, auth);

export function parseInput<Name extends CommandName>(name: Name, input: unknown): Inputs[Name] {
  return parse(inputs[name], input) as Inputs[Name];
}

/** `args` are the event's, its callback left out. Throws ChatError("bad_request"). */
export function parseCommand(event: string, args: unknown[]): Command {
  if (!isCommand(event)) throw new ChatError("bad_request", "There is no such command.");
  if (args.length !== 1) throw new ChatError("bad_request", "A command takes one object and a callback.");
  return { name: event, input: parseInput(event, args[0]) } as Command;
}

const isCommand = (event: string): event is CommandName => Object.hasOwn(inputs, event);

/** A UTF-16 unit takes at least one byte, so a far too long text is found without encoding it. */
const isHeavier = (value: string, bytes: number): boolean =>
  value.length > bytes || countBytes(value) > bytes;

/** C-4. Throws ChatError("too_large"). Check this first: it is far cheaper than counting characters. */
export function checkWeight(value: string): void {
  if (isHeavier(value, maxTextBytes)) throw new ChatError("too_large");
}

/** C-4. Throws ChatError("too_large") or ChatError("bad_request"). */
export function checkText(value: string): void {
  checkWeight(value);
  const isWithinGraphemes =
    value.length <= maxTextGraphemes || countInSlices(value, maxTextGraphemes) <= maxTextGraphemes;
  if (!isWithinGraphemes) throw new ChatError("too_large");
  if (hasForbiddenControls(value)) throw new ChatError("bad_request", "The text has control characters.");
  if (isBlank(value)) throw new ChatError("bad_request", "The text has nothing that can be seen.");
}

/** C-6. Returns the title as stored. Throws ChatError("too_large") or ChatError("bad_request"). */
export function checkTitle(value: string): string {
  if (isHeavier(value, maxTitleBytes) || countGraphemes(value, maxTitleGraphemes) > maxTitleGraphemes)
    throw new ChatError("too_large", "The title is too long.");
  if (isBlank(value)) throw new ChatError("bad_request", "The title has nothing that can be seen.");
  const title = visibleLine("title", value);
  if (isReservedTitle(title)) throw new ChatError("bad_request", "This title is reserved.");
  return title;
}
