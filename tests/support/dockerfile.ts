/** `word` is the instruction's name, `rest` its arguments on one line. */
export type Instruction = { word: string; rest: string };
export type Stage = { name: string; base: string; instructions: Instruction[] };

/** The stages of a Dockerfile in their order. Throws on an instruction before the first FROM. */
export function readStages(text: string): Stage[] {
  const stages: Stage[] = [];
  for (const line of linesOf(text)) {
    const [, word = "", rest = ""] = line.match(/^(\S+)\s+(.*)$/) ?? [];
    if (word === "FROM") {
      const [, base = "", name = ""] = rest.match(/^(\S+)(?: AS (\S+))?$/) ?? [];
      stages.push({ name, base, instructions: [] });
      continue;
    }
    const stage = stages.at(-1);
    if (!stage) throw new Error(`${word} stands before the first FROM`);
    stage.instructions.push({ word, rest });
  }
  return stages;
}

/** Removes comments and empty lines, and joins continued lines. */
const linesOf = (text: string): string[] =>
  text
    .replace(/^[ \t]*#.*\n/gm, "")
    .replaceAll(/\\\n\s*/g, " ")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** The arguments of every instruction of that name. */
export const toldTo = (stage: Stage, word: string): string[] =>
  stage.instructions.filter((instruction) => instruction.word === word).map(({ rest }) => rest);

/** Reads `A=b C="d e"`, the form that ENV takes. */
export const readPairs = (rest: string): Record<string, string> =>
  Object.fromEntries(
    [...rest.matchAll(/(\w+)=("[^"]*"|\S*)/g)].map(([, name = "", value = ""]) => [
      name,
      value.replaceAll('"', ""),
    ]),
  );

/** The words of a command in JSON form, which CMD and HEALTHCHECK run without a shell. Throws on the shell form. */
export function readCommand(rest: string): string[] {
  const [json] = rest.match(/\[.*\]$/) ?? [];
  if (json === undefined) throw new Error(`this runs in a shell, which keeps signals to itself: ${rest}`);
  return JSON.parse(json) as string[];
}
