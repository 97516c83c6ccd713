import { parseArgs } from "node:util";

/** The program's options, each a positive number. Throws when one is not. */
export function positiveOptions<Name extends string>(defaults: Record<Name, number>): Record<Name, number> {
  const options = Object.fromEntries(
    Object.entries<number>(defaults).map(([name, value]) => [
      name,
      { type: "string" as const, default: String(value) },
    ]),
  );
  const given = Object.entries(parseArgs({ options }).values).map(([name, value]) => [name, Number(value)]);
  if (!given.every(([, value]) => Number(value) > 0)) throw new Error("all options are positive numbers");
  return Object.fromEntries(given) as Record<Name, number>;
}
