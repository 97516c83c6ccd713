import { z } from "zod";
import { isLocale, type Locale, locales } from "../protocol/locales";
import { normalOrigin } from "../protocol/origin";
import { line, link, localText, must, mustHaveFields, text } from "./fields";
import { measurePicture, type Picture } from "./pictures";

const locale = z.string().refine(isLocale, { error: `must be one of ${locales.join(", ")}` });

/** Read first: the other fields need a text in each language that is on. */
export const languageFields = z
  .looseObject(
    {
      languages: z
        .array(locale, must('a list of languages such as ["ko", "en"]'))
        .nonempty("must have at least one language")
        .refine((all) => new Set(all).size === all.length, { error: "has a language twice" }),
      defaultLanguage: locale.optional(),
    },
    mustHaveFields,
  )
  .transform(({ languages, defaultLanguage = languages[0] as Locale }, context) => {
    if (!languages.includes(defaultLanguage))
      context.addIssue({
        code: "custom",
        message: `must be one of languages: ${languages.join(", ")}`,
        path: ["defaultLanguage"],
      });
    return { original: defaultLanguage, on: languages };
  });

/** As many as a phone's menu shows without scrolling. */
const mostLinks = 5;

const metadataBase = z
  .string(must("an address in quotation marks"))
  .refine((address) => normalOrigin(address) !== undefined, {
    error: "must be an address without a path, as https://blog.example",
  })
  .transform(normalOrigin);

const accent = z
  .string(must("a colour such as #ad400c"))
  .regex(/^#([\da-f]{3}|[\da-f]{6})$/i, "must be a colour such as #ad400c");

const picture = (folder: string) =>
  z.string(must("a picture such as /logo.svg")).transform((src, context): Picture => {
    const measured = measurePicture(folder, src);
    if (typeof measured !== "string") return measured;
    context.addIssue({ code: "custom", message: measured });
    return { src, width: 0, height: 0 };
  });

/** Every field of site.json. `folder` has the pictures, `on` are the languages that texts need. */
export function siteFields(folder: string, on: readonly Locale[]) {
  const local = (most: number) => localText(on, text(most));
  const localLine = (most: number) => localText(on, line(most));
  const labelled = z.strictObject(
    { label: localLine(24), href: link },
    must("an object with label and href"),
  );
  const second = z.strictObject({ text: line(40), lang: line(35) }, must("an object with text and lang"));
  const home = z.strictObject({
    title: localLine(80).optional(),
    lead: local(600).optional(),
    picture: picture(folder).optional(),
  });
  return z.strictObject({
    languages: z.unknown(),
    defaultLanguage: z.unknown().optional(),
    name: localLine(40),
    appName: localLine(40).optional(),
    secondName: second.optional(),
    tagline: local(200),
    metadataBase: metadataBase.optional(),
    accent: accent.optional(),
    logo: picture(folder).optional(),
    links: z
      .array(labelled, must("a list of links"))
      .max(mostLinks, `has more than ${mostLinks} links`)
      .default([]),
    home: home.default({}),
    welcome: z.strictObject({ text: local(500), link: labelled.optional() }).optional(),
    privacy: z.strictObject({ text: local(5_000).optional(), imprint: link.optional() }).default({}),
  });
}
