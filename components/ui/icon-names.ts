/** The icons in icons.svg: outlines on a 20 × 20 grid, in a file of their own so that no script carries them. */
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
