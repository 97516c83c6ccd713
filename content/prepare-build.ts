import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { SiteLanguages } from "../protocol/locales";
import { accentSheet } from "./accent";
import { checkBodies } from "./check-bodies";
import { siteFolder } from "./folder";
import { currentPosts } from "./posts";
import { checkPublicFiles } from "./public-files";
import { currentSite } from "./site";

/** Not in `.next`, which a build empties, and inside the project, from which alone the bundler reads. */
const sheetPath = "node_modules/.cache/madang/accent.css";

/**
 * What next.config.js needs of the owner's folder. Called first by a build and by `next dev`, it reads all that the owner
 * wrote: a mistake ends the process with its sentence, before anything is compiled.
 */
export async function prepareBuild(): Promise<{ languages: SiteLanguages; accentSheet: string }> {
  try {
    checkPublicFiles(siteFolder());
    await checkBodies(siteFolder(), currentPosts());
    const { languages, accent } = currentSite();
    writeChanged(sheetPath, accentSheet(accent));
    return { languages, accentSheet: `./${sheetPath}` };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

/** A file that is written again is compiled again. */
function writeChanged(file: string, text: string): void {
  try {
    if (readFileSync(file, "utf8") === text) return;
  } catch {
    // The first time there is none.
  }
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}
