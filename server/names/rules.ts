import { maxNameBytes, maxNameGraphemes, minNameGraphemes } from "../../protocol/limits";
import { countBytes, countGraphemes } from "../../protocol/text";
import { ChatError } from "../errors";
import { isReserved } from "./reserved";
import { type NameClaim, skeleton } from "./skeleton";
import { visibleLine } from "./visible-line";

/**
 * The claim on the name that a visitor asks for (ID-3): the name as asked, but white space is dropped at the ends and
 * becomes one plain space inside. Throws ChatError("bad_request") that names the fault and never quotes the name.
 */
export function claimName(asked: string): NameClaim {
  // First, so that nothing below runs on a frame's worth of text.
  if (countBytes(asked) > maxNameBytes) throw refused("The name is too long.");
  const name = visibleLine("name", asked);
  const length = countGraphemes(name, maxNameGraphemes);
  if (length < minNameGraphemes || length > maxNameGraphemes)
    throw refused(`A name has ${minNameGraphemes} to ${maxNameGraphemes} characters.`);
  if (isReserved(name)) throw refused("This name is reserved.");
  return { name, skeleton: skeleton(name) };
}

const refused = (message: string): ChatError => new ChatError("bad_request", message);
