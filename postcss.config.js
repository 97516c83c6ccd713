import { readdirSync } from "node:fs";
import path from "node:path";
import tailwind from "@tailwindcss/postcss";

/**
 * `@import "./ui/*.css"` imports every style sheet of that folder, by name. A running `next dev` learns of a new sheet when
 * globals.css is saved again.
 */
const importFolders = {
  postcssPlugin: "import-folders",
  Once(root) {
    const from = path.dirname(root.source.input.file);
    root.walkAtRules("import", (rule) => {
      const [, folder] = /^"([^"]+)\/\*\.css"$/.exec(rule.params) ?? [];
      if (folder === undefined) return;
      const sheets = readdirSync(path.resolve(from, folder))
        .filter((file) => file.endsWith(".css"))
        .sort();
      rule.replaceWith(sheets.map((sheet) => rule.clone({ params: `"${folder}/${sheet}"` })));
    });
  },
};

export default { plugins: [importFolders, tailwind()] };
