/** The promises by which a run is judged, in the order of the table. */
export const verdictNames = {
  lost: "lost: acknowledged, and not in history",
  unseen: "lost: in history, and not on a page",
  unsent: "unsent when all was mended",
  doubled: "doubled in history, unknown outcomes included",
  repeated: "doubled on the wire or a page",
  phantom: "phantom: sent by nobody, or under another's name",
  receipt: "acknowledged under another number",
  order: "out of order: not one contiguous order for all",
  realTime: "out of order: against real time",
  sender: "out of order: against the sender",
  notices: "notices that do not alternate or do not match the members",
  members: "told of the wrong members",
  holes: "undeclared holes",
  gaps: "gaps declared without a cause",
  heard: "heard by others a second after a ban or a shadow",
  leaked: "withheld, and given to another",
  kept: "given to a client that asked after it was removed",
  published: "published, and not shown once on each page",
  untold: "told of other rules than the room has",
} as const;

export type VerdictName = (typeof verdictNames)[keyof typeof verdictNames];
