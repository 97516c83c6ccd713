import type { z } from "zod";
import { ChatError } from "../errors";

/** Throws ChatError("bad_request") that names the first field at fault, and never its content. */
export function parse<Schema extends z.ZodType>(schema: Schema, input: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.map(String).join(".") ?? "";
  throw new ChatError(
    "bad_request",
    field === "" ? undefined : `The field ${field} is missing or not valid.`,
  );
}
