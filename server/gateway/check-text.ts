import {
  maxTextBytes,
  maxTextGraphemes,
  maxTitleGraphemes,
  maxWelcomeBytes,
  maxWelcomeGraphemes,
} from "../../protocol/limits";
import { countBytes, countGraphemes, hasForbiddenControls, isBlank } from "../../protocol/text";
import { ChatError } from "../errors";
import { countInSlices } from "../lib/graphemes";
import { isReservedTitle } from "../names/reserved";
import { visibleLine } from "../names/visible-line";

/** Ample for 80 letters of any script; one grapheme alone could weigh a frame. */
const maxTitleBytes = 640;

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

/** O-5. Returns it. Throws ChatError("too_large") or ChatError("bad_request"). */
export function checkWelcome(value: string): string {
  if (isHeavier(value, maxWelcomeBytes) || countGraphemes(value, maxWelcomeGraphemes) > maxWelcomeGraphemes)
    throw new ChatError("too_large");
  if (hasForbiddenControls(value)) throw new ChatError("bad_request", "The text has control characters.");
  return value;
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
