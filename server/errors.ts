import type { Challenge, ErrorCode, WireError } from "../protocol/events";

/** W-6: whether trying again may help is part of each code's meaning. */
const retryableCodes: ReadonlySet<ErrorCode> = new Set([
  "rate_limited",
  "unavailable",
  "proof_required",
  "storage_full",
  "internal",
]);

const defaultMessages: Record<ErrorCode, string> = {
  bad_request: "The request doesn’t have the shape this command takes.",
  invalid_token: "The token isn’t valid; connect without one.",
  forbidden: "You can’t do that here.",
  banned: "You can’t take part here.",
  muted: "You can’t write here for now.",
  read_only: "You can’t write in this room.",
  not_joined: "Join the room first.",
  room_not_found: "This room doesn’t exist.",
  room_exists: "A room with this ID already exists.",
  room_closed: "The room is closed.",
  name_taken: "Someone in the room already has this name.",
  rate_limited: "Too much at once; try again shortly.",
  too_large: "The text is too long.",
  expired: "The retry came too late to tell whether the first try was stored.",
  unavailable: "The chat’s store isn’t responding right now.",
  proof_required: "Too many are arriving at once: solve the challenge and connect again.",
  storage_full: "The chat’s store is full.",
  internal: "Something went wrong on our side.",
};

/** A refusal that its client may read. Everything else that is thrown is answered as `internal`. */
export class ChatError extends Error {
  constructor(
    readonly code: ErrorCode,
    message?: string,
    readonly retryAfterMs?: number,
    /** Whose limit it is, when it is not the visitor's own. */
    readonly scope?: WireError["scope"],
  ) {
    super(message ?? defaultMessages[code]);
    this.name = "ChatError";
  }

  toWire(): WireError {
    return {
      code: this.code,
      message: this.message,
      retryable: retryableCodes.has(this.code),
      ...(this.retryAfterMs === undefined ? {} : { retryAfterMs: this.retryAfterMs }),
      ...(this.scope === undefined ? {} : { scope: this.scope }),
    };
  }
}

/** Whether it is sure that nothing was carried out. Otherwise the store may have done it, and its answer is lost. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof ChatError && error.code !== "unavailable" && error.code !== "internal";

/** A store does not empty within a second; asking again costs it nothing. */
const fullRetryMs = 10_000;

export const storeIsFull = (message?: string): ChatError =>
  new ChatError("storage_full", message, fullRetryMs);

/** Keeps the refused members from all coming back at the next moment. */
const leastRoomRetryMs = 250;

export const roomIsBusy = (waitMs: number): ChatError =>
  new ChatError(
    "rate_limited",
    "Too many messages in this room; try again shortly.",
    Math.max(leastRoomRetryMs, Math.ceil(waitMs)),
    "room",
  );

/** W-4a: the new visitor is let in with a solution of the challenge, or without one after the wait. */
export class ProofRequired extends ChatError {
  constructor(
    private readonly challenge: Challenge,
    retryAfterMs: number,
  ) {
    super("proof_required", undefined, retryAfterMs);
  }

  override toWire(): WireError {
    return { ...super.toWire(), challenge: this.challenge };
  }
}

/** True for a code of the closed list: what a script answers is text until this says otherwise. */
export const isErrorCode = (text: string): text is ErrorCode => Object.hasOwn(defaultMessages, text);
