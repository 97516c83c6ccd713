import { z } from "zod";
import { isLocale, type Locale, locales } from "../protocol/locales";
import { unseenFault } from "./unseen";

/** A text in every language of the site. */
export type LocalText = Readonly<Record<Locale, string>>;

/** The message of a field that has a value of the wrong kind, or none. */
export const must = (be: string) => ({
  error: ({ input }: { input?: unknown }) => (input === undefined ? "is missing" : `must be ${be}`),
});

/** The message of a text that is no list of fields at all. */
export const mustHaveFields = must("a list of fields, as docs/site.md shows it");

/** One line, or several, of at most `most` characters. */
export const text = (most: number) =>
  z
    .string(must("a text in quotation marks"))
    .trim()
    .min(1, "is empty")
    .max(most, `has more than ${most} characters`)
    .superRefine((value, context) => {
      const message = value === "" ? undefined : unseenFault(value);
      if (message !== undefined) context.addIssue({ code: "custom", message });
    });

export const line = (most: number) => text(most).regex(/^[^\n]*$/, "must be one line");

/** A text for all languages, or `{ "ko": "…", "ja": "…" }` with one for each language that is on. */
export const localText = (on: readonly Locale[], one: z.ZodType<string>) =>
  z.unknown().transform((value, context): LocalText => {
    const fault = (message: string, ...path: string[]) => context.addIssue({ code: "custom", message, path });
    const read = (given: unknown, ...path: string[]): string => {
      const parsed = one.safeParse(given);
      if (!parsed.success) for (const { message } of parsed.error.issues) fault(message, ...path);
      return parsed.data ?? "";
    };
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      const same = read(value);
      return Object.fromEntries(locales.map((locale) => [locale, same])) as LocalText;
    }
    for (const key of Object.keys(value))
      if (!isLocale(key)) fault(`is in no language that Madang speaks: ${locales.join(", ")}`, key);
    const given = value as Partial<Record<Locale, unknown>>;
    const texts = on.map((locale) => [locale, read(given[locale], locale)] as const);
    const fallback = texts[0]?.[1] ?? "";
    return Object.fromEntries([...locales.map((locale) => [locale, fallback]), ...texts]) as LocalText;
  });

const linkShape = /^(https?:\/\/[^\s/]+\S*|mailto:\S+@\S+|\/(?![/\\])\S*)$/i;

/** An address of another site, a mail address, or a path of this site. */
export const link = z
  .string(must("an address"))
  .regex(linkShape, "must be an address such as https://example.org, mailto:me@example.org or /posts/about");
