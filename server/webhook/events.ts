import type { GuardSign, ReportReason, RoomId, VisitorId } from "../../protocol/events";

/** O-14: of what the owner hears. What of it is one thing to the queue: a later one takes the place of one that waits. */
export type WebhookEvent =
  | {
      event: "report";
      room: RoomId;
      seq: number;
      at: number;
      count: number;
      reason?: ReportReason;
      signs?: GuardSign[];
    }
  | { event: "first-message"; room: RoomId; seq: number; at: number };

export const subjectOf = ({ event, room, seq }: WebhookEvent): string => `${event} ${room} ${seq}`;

/** What is posted, as JSON. `message` is missing when it was removed, or is no longer kept. */
export type WebhookBody = WebhookEvent & {
  id: string;
  title: string;
  message?: { by: { id: VisitorId; name: string }; text: string };
  /** Where it can be read, and where the owner answers it; without a site's address neither is known. */
  link?: string;
  ownerLink?: string;
};
