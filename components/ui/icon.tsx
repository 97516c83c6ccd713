/** What is drawn in public/icons.svg: outlines on a 20 × 20 grid, in a file of their own that no script has to carry. */
export const iconNames = [
  "half",
  "sun",
  "moon",
  "send",
  "people",
  "menu",
  "back",
  "close",
  "reply",
  "link",
  "check",
  "down",
  "copy",
  "bell",
  "bin",
  "hide",
  "door",
  "talk",
  "pencil",
] as const;

export type IconName = (typeof iconNames)[number];

export function Icon({ name }: { name: IconName }) {
  return (
    <svg width="20" height="20" aria-hidden="true" className="icon">
      <use href={`/icons.svg#${name}`} />
    </svg>
  );
}
