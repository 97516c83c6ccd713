import type { Mend } from "./mends";

/** The result of one check. `unknown`: the doctor cannot find out from outside. */
export type Finding = { is: "right" | "unknown"; text: string } | { is: "wrong"; text: string; mend: Mend };

export const right = (text: string): Finding => ({ is: "right", text });
export const unknown = (text: string): Finding => ({ is: "unknown", text });
export const wrong = (text: string, mend: Mend = {}): Finding => ({ is: "wrong", text, mend });

/** The finding as it is printed. A wrong one comes with the line that mends it, for each kind of proxy. */
export function toLines(finding: Finding): string[] {
  if (finding.is !== "wrong") return [`${finding.is === "right" ? "ok     " : "?      "} ${finding.text}`];
  const mends = Object.entries(finding.mend).map(
    ([proxy, line]) => `          ${`${proxy}:`.padEnd(15)} ${line}`,
  );
  return [`WRONG   ${finding.text}`, ...mends];
}
