import { readdirSync } from "node:fs";
import path from "node:path";
import tailwind from "@tailwindcss/postcss";

/** `@import "./ui/*.css"` imports every style sheet of that folder, by name, so that a new one is imported by itself. */
const importFolders = {
  postcssPlugin: "import-folders",
  Once(root, { result }) {
    const from = path.dirname(root.source.input.file);
    root.walkAtRules("import", (rule) => {
      const [, folder] = /^"([^"]+)\/\*\.css"$/.exec(rule.params) ?? [];
      if (folder === undefined) return;
      const dir = path.resolve(from, folder);
      result.messages.push({ type: "dir-dependency", dir, glob: "*.css", parent: root.source.input.file });
      const sheets = readdirSync(dir)
        .filter((file) => file.endsWith(".css"))
        .sort();
      rule.replaceWith(sheets.map((sheet) => rule.clone({ params: `"${folder}/${sheet}"` })));
    });
  },
};

export default { plugins: [importFolders, tailwind()] };
