/** A function of its own at the left edge: one line, or up to a line `end`. */
const topFunction = /^local function (\w+)\((?:.*\bend$|.*\n(?:(?!end$).*\n)*end$)/gm;
const comment = /--.*$/gm;

/**
 * Leaves out the functions that a script does not reach: Redis creates all functions of a script anew for each call,
 * which takes as long as a command for every ten of them.
 */
export function withoutUnused(lua: string): string {
  const bodies = new Map<string, string>();
  for (const [body, name = ""] of lua.matchAll(topFunction)) bodies.set(name, body);
  const reached = new Set<string>();
  const reach = (text: string) => {
    for (const [word] of text.replace(comment, "").matchAll(/\w+/g)) {
      const body = bodies.get(word);
      if (body === undefined || reached.has(word)) continue;
      reached.add(word);
      reach(body.slice(body.indexOf("(")));
    }
  };
  reach(lua.replace(topFunction, ""));
  return lua.replace(topFunction, (body, name: string) => (reached.has(name) ? body : ""));
}
