/** The wire between a browser and a replica: docs/protocol.md in types. Rule numbers in comments refer to that file. */

import type { Locale } from "./locales";

export type { Locale };
export type RoomId = string;
export type VisitorId = string;
/** `^[A-Za-z0-9_-]{8,64}$`, random, made by the client. */
export type ClientMessageId = string;

/** A position in a room's feed: the reader has seen everything up to and including `seq` of that epoch. */
export type Cursor = { epoch: string; seq: number };

/** O-2. The role of the owner or a moderator; only the server gives it. */
export type Role = "owner" | "moderator";

/** `role`: in an entry's `by`, the one held when it was written. */
export type Member = { id: VisitorId; name: string; role?: Role };

/** O-5. A field that is missing restricts nothing. */
export type RoomRules = {
  slowMs?: number;
  writers?: "settled" | "moderators";
  links?: "settled" | "none";
  welcome?: string;
};

export type Room = {
  id: RoomId;
  title: string;
  kind: "public" | "direct";
  /** Milliseconds since 1970, by the broker's clock. */
  createdAt: number;
  closed: boolean;
  owner?: VisitorId;
  rules?: RoomRules;
};

/**
 * `name`: its name in a public room that the reader has visited too (DM-11). `online`: it has a connection on some
 * replica, as far as the reader may know.
 */
export type Partner = Member & { online: boolean };

/**
 * `unread`: messages of the partner after the last one read on any device.
 * `request`: "sent" when the reader has written and the partner has not answered yet, "received" when the reader has
 * not answered; `text`: the beginning of its last message, "" for a removed one.
 */
export type Conversation = {
  room: Room;
  partner: Partner;
  lastEntryAt: number;
  unread: number;
  request?: RequestState;
  text?: string;
};
export type RequestState = "sent" | "received";

/** `lastEntryAt`: time of its last entry, or of its creation. `lastMessage`: also one that was removed since. */
export type ListedRoom = Room & { memberCount: number; lastEntryAt: number; lastMessage?: Cursor };

type Numbered = { seq: number; at: number };

export type MessageEntry = Numbered & {
  kind: "message";
  by: Member;
  text: string;
  clientMessageId: ClientMessageId;
  replyTo?: number;
  /** Only the owner and moderators see it: to all others but its author, the entry is a `WithheldEntry` (O-4). */
  withheld?: true;
};
export type NoticeEntry = Numbered & { kind: "join" | "leave" | "closed"; by: Member };
/**
 * F-4: stands for many joins and leaves within about a second. `gone`: those who left and are not back. `memberCount`: as of
 * this entry.
 */
export type VisitsEntry = Numbered & {
  kind: "visits";
  joined: number;
  left: number;
  memberCount: number;
  gone?: VisitorId[];
};
export type RenameEntry = Numbered & { kind: "rename"; by: Member; was: string };
/** Clients drop the texts of `targets`. `forgotten`: they also drop this visitor's names from all earlier entries (ID-5). */
export type RemovalEntry = Numbered & { kind: "removal"; targets: number[]; forgotten?: VisitorId };
/** Stands in the place of a message whose text is gone. */
export type RemovedEntry = Numbered & { kind: "removed" };
/**
 * O-4. Stands in the place of a message that the reader is not given. `shownAs`: the number under which this reader has
 * that message, because it was published (O-7).
 */
export type WithheldEntry = Numbered & { kind: "withheld"; shownAs?: number };

/** O-7. Carries a message that was withheld and is shown now; its author, who has it, is given a `WithheldEntry`. */
export type PublishedEntry = Numbered & { kind: "published"; message: MessageEntry };

/** One numbered line of a room's feed. `seq` is contiguous per room and epoch (F-1); `at` never decreases (F-2). */
export type Entry =
  | MessageEntry
  | NoticeEntry
  | VisitsEntry
  | RenameEntry
  | RemovalEntry
  | RemovedEntry
  | WithheldEntry
  | PublishedEntry;

/** Numbers whose entries no longer exist and will not be sent (F-0); `from <= to` always. */
export type Gap = { from: number; to: number; reason: "trimmed" | "rewound" | "reset" };

/** The closed list of W-6. */
export type ErrorCode =
  | "bad_request"
  | "invalid_token"
  | "forbidden"
  | "banned"
  | "muted"
  | "read_only"
  | "not_joined"
  | "room_not_found"
  | "room_exists"
  | "room_closed"
  | "name_taken"
  | "rate_limited"
  | "too_large"
  | "expired"
  | "unavailable"
  | "proof_required"
  | "storage_full"
  | "internal";

/** `scope`: whose limit a `rate_limited` reports: the network's, a new visitor's or the room's; else missing. */
export type WireError = {
  code: ErrorCode;
  message: string;
  retryable: boolean;
  retryAfterMs?: number;
  scope?: "network" | "newcomer" | "room";
  /** Only with `proof_required`: to be solved before the next try (W-4a). */
  challenge?: Challenge;
};

export type Ack<Answer = unknown> = ({ ok: true } & Answer) | { ok: false; error: WireError };

/**
 * W-4a: the work that a new visitor must do, in the terms of ALTCHA's proof of work, version 2. `cost`: iterations of
 * PBKDF2. `keyPrefix`, `nonce` and `salt` in hexadecimal; `expiresAt` in seconds since 1970.
 */
export type Challenge = {
  parameters: {
    algorithm: string;
    cost: number;
    expiresAt?: number;
    keyLength: number;
    keyPrefix: string;
    keySignature?: string;
    nonce: string;
    salt: string;
  };
  signature?: string;
};

/** `derivedKey` in hexadecimal. */
export type Proof = { challenge: Challenge; solution: { counter: number; derivedKey: string } };

export type Handshake = { protocol: 1; token?: string; locale?: Locale; proof?: Proof };

/** `name`: the name to have in the room (ID-3); without it, the visitor's earlier name there or a random one. */
export type JoinInput = { room: RoomId; name?: string; cursor?: Cursor };
export type JoinAnswer = {
  room: Room;
  self: Member;
  members: Member[];
  memberCount: number;
  /** `members` and `memberCount` already reflect every join and leave up to this number. */
  presenceSeq: number;
  entries: Entry[];
  cursor: Cursor;
  gap?: Gap;
};
/** `from`: the `next` of the page before; missing for the first page. */
export type MembersInput = { room: RoomId; from?: string };
/** C-6h. `next` is missing on the last page. */
export type MembersAnswer = {
  members: Member[];
  memberCount: number;
  epoch: string;
  /** As in JoinAnswer. */
  presenceSeq: number;
  next?: string;
};
/** `name`: as in JoinInput; without it, another random one. */
export type RenameInput = { room: RoomId; name?: string };
export type SendInput = {
  room: RoomId;
  clientMessageId: ClientMessageId;
  text: string;
  replyTo?: number;
  since?: Cursor;
};
export type Receipt = { seq: number; at: number };
export type HistoryInput = { room: RoomId; before?: number; after?: number; limit: number };
export type HistoryAnswer = { epoch: string; entries: Entry[]; more: boolean; gap?: Gap };
export type CreateInput = { room?: RoomId; title: string };
/**
 * Includes the visitor's own settings: whether it refuses new conversations, and which visitors it has blocked.
 * `requests` is missing in the answers of earlier servers.
 */
export type ConversationsAnswer = {
  conversations: Conversation[];
  requests?: Conversation[];
  refuse: boolean;
  blocked: VisitorId[];
};

/** O-4. `until`: milliseconds since 1970; without it, until it is lifted. Without `room` it holds everywhere. */
export type SanctionKind = "mute" | "shadow" | "ban";
export type Sanction = {
  id: string;
  visitor: VisitorId;
  kind: SanctionKind;
  at: number;
  by: VisitorId;
  room?: RoomId;
  until?: number;
  hasNetwork?: boolean;
  reason?: string;
};
export type SanctionInput = Pick<Sanction, "visitor" | "kind" | "room" | "hasNetwork" | "reason"> & {
  forMs?: number;
};

/** O-5. A rule that is left out stays as it is; "all", 0 and null lift a rule. */
export type RulesInput = {
  room: RoomId;
  slowMs?: number;
  writers?: "all" | "settled" | "moderators";
  links?: "all" | "settled" | "none";
  welcome?: string | null;
};

/** O-7. Why the guard has withheld a message. */
export type GuardSign = "word" | "manyLinks" | "newcomerLink" | "repeats" | "copies" | "flood" | "unreadable";

/** O-6. `at`: when it was reported last. `message`, `around`: as far as they are kept. */
export type ReportReason = "spam" | "abuse" | "private" | "other";
export type Report = {
  room: RoomId;
  seq: number;
  at: number;
  count: number;
  reporters: { by: VisitorId | "guard"; at: number; reason?: ReportReason; signs?: GuardSign[] }[];
  message?: MessageEntry;
  around: Entry[];
};
/** O-6. Of messages that the guard withheld lately, those that no report tells of; `at`: of the last one. */
export type UnlistedCount = { count: number; at: number };
export type ReportList = { reports: Report[]; more: boolean; unlisted?: UnlistedCount };

/** O-8. An act of the owner or a moderator. `did`: the command. */
export type Act = {
  id: string;
  at: number;
  by: VisitorId;
  did: string;
  visitor?: VisitorId;
  room?: RoomId;
  seq?: number;
  kind?: SanctionKind;
  until?: number;
  isOn?: boolean;
  removed?: number;
  reason?: string;
};

/** O-11. A line of a public room, as the owner and moderators are given it. `title`: the room's. */
export type StaffLine = {
  room: RoomId;
  title: string;
  epoch: string;
  entry: MessageEntry | RemovalEntry | PublishedEntry;
};
/**
 * O-11. `visitors`: connected now. `rooms`: also those that `room:list` does not have yet. `messages`: in each hour, the oldest
 * first; the first hour began at `from`.
 */
export type Overview = {
  role: Role;
  /** The visitors with roles, the owner's devices first; missing on older servers. */
  staff?: { id: VisitorId; role: Role }[];
  visitors: number;
  rooms: ListedRoom[];
  messages: { from: number; counts: number[] };
  reports: number;
};
/** O-12. A visitor under a name in a room. `at`: when it was last seen there. */
export type SeenVisitor = {
  visitor: VisitorId;
  name: string;
  role?: Role;
  room: RoomId;
  at: number;
  isMember: boolean;
};
/** O-12. `rooms`: the last first. `lines`: its last messages, the oldest first. `firstSeenAt`: as far as entries are kept. */
export type VisitorAnswer = {
  visitor: VisitorId;
  role?: Role;
  online: boolean;
  firstSeenAt?: number;
  rooms: { room: RoomId; title: string; name: string; at: number; isMember: boolean }[];
  lines: StaffLine[];
  sanctions: Sanction[];
};
/** O-13. `bounds`: the score from which a message is withheld under each level. */
export type GuardTrial = {
  signs: { sign: GuardSign; score: number }[];
  score: number;
  bounds: { mild: number; strict: number };
  level: "off" | "mild" | "strict";
  word?: string;
};

type Command<Input, Answer> = (input: Input, ack: (answer: Ack<Answer>) => void) => void;
// biome-ignore lint/complexity/noBannedTypes: an answer without fields of its own
type Nothing = {};

export type ClientToServer = {
  "room:join": Command<JoinInput, JoinAnswer>;
  "room:leave": Command<{ room: RoomId }, Nothing>;
  "room:create": Command<CreateInput, { room: Room }>;
  "room:list": Command<Nothing, { rooms: ListedRoom[] }>;
  "room:close": Command<{ room: RoomId }, Nothing>;
  "member:list": Command<MembersInput, MembersAnswer>;
  "name:change": Command<RenameInput, { self: Member }>;
  "name:suggest": Command<Nothing, { names: string[] }>;
  "message:send": Command<SendInput, Receipt>;
  "message:remove": Command<{ room: RoomId; seq: number }, Nothing>;
  "typing:set": Command<{ room: RoomId; typing: boolean }, Nothing>;
  "history:read": Command<HistoryInput, HistoryAnswer>;
  "direct:open": Command<{ with: VisitorId }, { room: Room; partner: Partner; request?: RequestState }>;
  "direct:list": Command<{ texts?: boolean }, ConversationsAnswer>;
  "direct:read": Command<{ room: RoomId; seq: number }, Nothing>;
  "direct:drop": Command<{ room: RoomId }, Nothing>;
  "direct:refuse": Command<{ refuse: boolean }, Nothing>;
  "visitor:block": Command<{ visitor: VisitorId; blocked: boolean }, Nothing>;
  "visitor:forget": Command<{ password?: string }, Nothing>;
  "owner:claim": Command<{ key: string }, { role: Role }>;
  "owner:resign": Command<Nothing, Nothing>;
  "owner:log": Command<{ before?: number; limit?: number }, { acts: Act[]; more: boolean }>;
  "owner:overview": Command<Nothing, Overview>;
  "owner:feed": Command<{ since?: number }, { lines: StaffLine[] }>;
  "visitor:find": Command<{ query: string }, { visitors: SeenVisitor[] }>;
  "visitor:show": Command<{ visitor: VisitorId }, VisitorAnswer>;
  "visitor:names": Command<{ visitors: VisitorId[] }, { names: Record<VisitorId, string> }>;
  "guard:try": Command<{ text: string; isNewcomer?: boolean }, GuardTrial>;
  "moderator:set": Command<{ visitor: VisitorId; isModerator: boolean }, Nothing>;
  "messages:clear": Command<{ visitor: VisitorId; room?: RoomId; reason?: string }, { removed: number }>;
  "room:rules": Command<RulesInput, { room: Room }>;
  "room:export": Command<{ room: RoomId }, { url: string }>;
  "message:report": Command<{ room: RoomId; seq: number; reason?: ReportReason }, Nothing>;
  "report:list": Command<{ before?: number; limit?: number }, ReportList>;
  /** `ordinary`: listed words that ordinary talk has, each with a line of it. */
  "guard:words": Command<
    { words?: string[] },
    { words: string[]; ordinary?: { word: string; text: string }[] }
  >;
  "report:settle": Command<{ room: RoomId; seq: number; publish?: boolean }, Nothing>;
  "room:rename": Command<{ room: RoomId; title: string }, { room: Room }>;
  "sanction:set": Command<SanctionInput, { id: string; until?: number; replaced?: SanctionInput }>;
  "sanction:lift": Command<{ id: string }, Nothing>;
  "sanction:list": Command<{ before?: number; limit?: number }, { sanctions: Sanction[]; more: boolean }>;
};

export type ServerToClient = {
  "session:started": (event: { visitor: { id: VisitorId }; token: string }) => void;
  "feed:appended": (event: { room: RoomId; epoch: string; entries: Entry[] }) => void;
  "feed:gap": (event: { room: RoomId; gap: Gap; cursor: Cursor }) => void;
  "typing:changed": (event: { room: RoomId; members: Member[] }) => void;
  /** `request`, `text`: as in a Conversation; `isGone`: the conversation is no longer in the list. */
  "direct:changed": (event: {
    room: RoomId;
    lastEntryAt: number;
    unread: number;
    request?: RequestState;
    text?: string;
    isGone?: boolean;
  }) => void;
  "presence:changed": (event: { visitor: VisitorId; online: boolean }) => void;
  /** To the members of a room whose rules or title have changed. */
  "room:changed": (event: { room: Room }) => void;
  /** O-4. To a connection that was taken out of the room. */
  "room:banned": (event: { room: RoomId; retryAfterMs?: number }) => void;
  /** O-6. To the owner and moderators. */
  "report:added": (event: { room: RoomId; seq: number; count: number }) => void;
  "status:changed": (event: { degraded: boolean }) => void;
  "replica:draining": (event: { afterMs: number }) => void;
};
