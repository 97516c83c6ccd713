import type { Role } from "../../protocol/events";

export const sections = [
  "reports",
  "overview",
  "live",
  "visitors",
  "sanctions",
  "rooms",
  "guard",
  "log",
] as const;
export type Section = (typeof sections)[number];

/** What only the owner may do is not shown to moderators. */
const ofOwner: ReadonlySet<Section> = new Set(["guard"]);

export const sectionsFor = (role: Role): Section[] =>
  sections.filter((section) => role === "owner" || !ofOwner.has(section));

/** A section of the page, and in "visitors" the visitor that is shown: `#visitors`, `#visitors=ID`. */
export type Place = { section: Section; visitor?: string };

export function placeIn(fragment: string, role: Role): Place {
  const [name, visitor] = fragment.replace(/^#/, "").split("=");
  const section = sectionsFor(role).find((each) => each === name) ?? sections[0];
  return section === "visitors" && visitor ? { section, visitor } : { section };
}

export const visitorLink = (visitor: string): string => `#visitors=${visitor}`;
