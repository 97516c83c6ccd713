import { existsSync } from "node:fs";
import type { SiteLanguages } from "../protocol/locales";
import { readFields, SiteError } from "./faults";
import type { LocalText } from "./fields";
import { areDraftsShown, siteFolder, within } from "./folder";
import type { Picture } from "./pictures";
import { readText } from "./read-text";
import { languageFields, siteFields } from "./site-fields";

type Link = Readonly<{ label: LocalText; href: string }>;

/** The site as `site/site.json` has it; docs/site.md explains its fields to owners. */
export type Site = Readonly<{
  languages: SiteLanguages;
  name: LocalText;
  /** The name of the installed app. */
  appName: LocalText;
  /** The name in another script, shown beside the name. */
  secondName?: Readonly<{ text: string; lang: string }> | undefined;
  tagline: LocalText;
  /** The site's public origin, unless SITE_URL names another. */
  metadataBase?: string | undefined;
  /** As `#ad400c`. */
  accent?: string | undefined;
  logo?: Picture | undefined;
  links: readonly Link[];
  home: Readonly<{ title: LocalText; lead: LocalText; picture?: Picture | undefined }>;
  /** What a newcomer reads first in the chat. */
  welcome?: Readonly<{ text: LocalText; link?: Link | undefined }> | undefined;
  privacy: Readonly<{ text?: LocalText | undefined; imprint?: string | undefined }>;
}>;

/** Throws a SiteError that names file and line of each mistake. */
export function readSite(folder: string): Site {
  const file = within(folder, "site.json");
  if (!existsSync(file))
    throw new SiteError([{ file, says: "this file is missing; docs/site.md shows one to begin with" }]);
  const source = { file, text: readText(file) };
  const languages = readFields(source, languageFields);
  const {
    name,
    appName = name,
    tagline,
    home,
    ...rest
  } = readFields(source, siteFields(folder, languages.on));
  return {
    ...rest,
    languages,
    name,
    appName,
    tagline,
    home: { title: home.title ?? name, lead: home.lead ?? tagline, picture: home.picture },
  };
}

let kept: Site | undefined;

/** The site of this process: read once, and in `next dev` at each request. */
export function currentSite(): Site {
  if (kept === undefined || areDraftsShown()) kept = readSite(siteFolder());
  return kept;
}
