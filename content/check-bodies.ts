import { type Fault, SiteError } from "./faults";
import { within } from "./folder";
import { evaluateMarkdown } from "./markdown";
import { readPostFile } from "./post-file";
import type { SitePost } from "./posts";

/** Reads the text of each post. Throws a SiteError that names file and line of each mistake. */
export async function checkBodies(siteFolder: string, posts: readonly SitePost[]): Promise<void> {
  const faults: Fault[] = [];
  for (const { slug, heads } of posts)
    for (const lang of heads.keys()) {
      const { file, body } = readPostFile(within(siteFolder, "posts", slug, `${lang}.mdx`));
      try {
        await evaluateMarkdown(body, { file, lang, siteFolder });
      } catch (error) {
        if (!(error instanceof SiteError)) throw error;
        faults.push(...error.faults);
      }
    }
  if (faults.length > 0) throw new SiteError(faults);
}
