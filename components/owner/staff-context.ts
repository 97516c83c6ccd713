import { createContext, useContext } from "react";
import type { Member, Overview, RoomId, VisitorId } from "../../protocol/events";
import type { Names } from "./names";
import type { OwnerClient } from "./owner-client";

/** What the sections of the page share. */
export type Staff = {
  ask: OwnerClient["ask"];
  overview: Overview;
  self: VisitorId | undefined;
  /** Changes when reports were added. */
  reportsChanged: number;
  names: Names;
  /** A room's title in the reader's language. */
  titleOf(room: RoomId, title?: string): string;
  /** Opens the tools for a visitor; with a room, acts may be for that room only. */
  moderate(member: Member, room: RoomId | undefined, opener: { currentTarget: HTMLElement }): void;
  /** Shows a sentence at the foot of the page. */
  say(sentence: string): void;
  /** Changes after each act with the tools. */
  acts: number;
  refresh(): void;
};

export const StaffContext = createContext<Staff | undefined>(undefined);

export function useStaff(): Staff {
  const staff = useContext(StaffContext);
  if (staff === undefined) throw new Error("only sections of the owner's page use this");
  return staff;
}
