import { nanoid } from "nanoid";
import type { Act } from "../../protocol/events";

export type NewAct = Omit<Act, "id" | "at">;

/** The id keeps two acts of the same words apart. */
export const actLine = (act: NewAct): string => JSON.stringify({ id: nanoid(10), ...act });

// Only `actLine` writes these.
export const readAct = ([line, at]: [line: string, at: number]): Act => ({ ...JSON.parse(line), at }) as Act;
