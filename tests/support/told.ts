import type { Entry } from "../../protocol/events";
import type { WireVisitor } from "./wire-visitor";

/** All events and entries that a visitor has received, as text. */
export const toldTo = (visitor: WireVisitor): string =>
  JSON.stringify([visitor.events, visitor.log("lobby").entries]);

/** The lobby's newest page of history, as the visitor reads it. */
export const historyOf = async (visitor: WireVisitor): Promise<Entry[]> =>
  (await visitor.must("history:read", { room: "lobby", limit: 200 })).entries;
