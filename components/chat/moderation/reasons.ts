import type { ReportReason } from "../../../protocol/events";

/** The reasons of a report; those of a sanction stand in the log by the same words. */
export const reasons: readonly ReportReason[] = ["spam", "abuse", "private", "other"];
