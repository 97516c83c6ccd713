import { existsSync, statSync } from "node:fs";
import { isLocale } from "../protocol/locales";
import { type Fault, SiteError } from "./faults";
import { within } from "./folder";
import { namesIn } from "./listing";
import { pageNames } from "./page-names";
import { fileOf } from "./pictures";

/** Files of the program that an owner's file of the same name replaces. */
const replaceable = new Set([
  "favicon.ico",
  "icon.svg",
  "icon-192.png",
  "icon-512.png",
  "icon-maskable-512.png",
  "apple-touch-icon.png",
  "card.png",
]);

/** Throws a SiteError for files in `site/public/` whose addresses are the program's, and for links that lead nowhere. */
export function checkPublicFiles(folder: string): void {
  const root = within(folder, "public");
  const { folders, files } = namesIn(root);
  const faults = [...folders, ...files].flatMap((name): Fault[] => {
    const reason = reasonAgainst(name);
    return reason === undefined ? [] : [{ file: within(root, name), says: reason }];
  });
  const all = [...faults, ...deadLinksIn(root)];
  if (all.length > 0) throw new SiteError(all);
}

/** The build copies what the links lead to. */
function deadLinksIn(folder: string): Fault[] {
  const { folders, faults } = namesIn(folder);
  return [...faults, ...folders.flatMap((name) => deadLinksIn(within(folder, name)))];
}

function reasonAgainst(name: string): string | undefined {
  const isPage = pageNames.has(name) || isLocale(name) || ["_next", "api"].includes(name);
  if (isPage) return `the address /${name} is a page of the program: give the file another name`;
  const isProgram = existsSync(within("public", name)) && !replaceable.has(name);
  return isProgram ? `the program has a file of this name: give yours another one` : undefined;
}

/** Whether the owner has a file of his own at this address. */
export function findPublicFile(folder: string, address: string): string | undefined {
  const file = fileOf(folder, address);
  return file !== undefined &&
    existsSync(/*turbopackIgnore: true*/ file) &&
    statSync(/*turbopackIgnore: true*/ file).isFile()
    ? file
    : undefined;
}
