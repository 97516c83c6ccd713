import type { GuardSign, ReportReason, RoomId, VisitorId } from "../../protocol/events";

/** O-14: an event that is posted to the owner's receiver. A later event of the same subject replaces one that waits. */
export type WebhookEvent =
  | {
      event: "report";
      room: RoomId;
      seq: number;
      at: number;
      count: number;
      reason?: ReportReason;
      signs?: GuardSign[];
      /** How many messages the guard has withheld in the room in the span that began at `from`; this is the last. */
      caught?: { from: number; count: number };
    }
  | { event: "first-message"; room: RoomId; seq: number; at: number };

export type ReportEvent = Extract<WebhookEvent, { event: "report" }>;

export const subjectOf = (event: WebhookEvent): string =>
  "caught" in event && event.caught !== undefined
    ? caughtSubject(event.room, event.caught.from)
    : `${event.event} ${event.room} ${event.seq}`;

/** All messages that the guard withholds in a room in one span are one event. */
export const caughtSubject = (room: RoomId, from: number): string => `caught ${room} ${from}`;

/** The posted body, as JSON. `message` is missing when it was removed, or is no longer kept. */
export type WebhookBody = WebhookEvent & {
  id: string;
  title: string;
  message?: { by: { id: VisitorId; name: string }; text: string };
  /** Where it can be read, and where the owner answers it; without a site's address neither is known. */
  link?: string;
  ownerLink?: string;
};
