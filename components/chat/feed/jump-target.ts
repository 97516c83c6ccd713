/** A message to show in the middle of the view, or the divider above it, to show at the top. */
export type Aim = { seq: number; at: "middle" | "divider" };

/** Where the visitor wants to go; `end` is called when they are there, or cannot get there. */
export type JumpTarget = Aim & { end?: () => void };
