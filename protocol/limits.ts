/** Numbers and shapes that browser and server must agree on. */

export const lobbyId = "lobby";
/** C-6. With a post's slug behind it: that post's room. */
export const postRoomPrefix = "post-";

/** C-6. With the two visitors behind it: the room of their conversation. */
export const directRoomPrefix = "direct-";

/** C-6. Whether visitors may not give this id to a room of theirs. */
export const isReservedRoom = (room: string): boolean =>
  room === lobbyId || room.startsWith(postRoomPrefix) || room.startsWith(directRoomPrefix);

/** Whether any visitor may enter the room; a conversation is for its two visitors. */
export const isPublicRoom = (room: string): boolean => !room.startsWith(directRoomPrefix);

export const roomIdPattern = /^[a-z0-9][a-z0-9_-]{0,63}$/;
/** ID-2. The ids that the server makes. */
export const visitorIdPattern = /^[A-Za-z0-9_-]{16}$/;
export const clientMessageIdPattern = /^[A-Za-z0-9_-]{8,64}$/;

/** C-4. Counted as a reader counts: one grapheme is one character. */
export const maxTextGraphemes = 2_000;
/** C-4. Bounds the size of 2,000 graphemes: one grapheme can be made of any number of code points. */
export const maxTextBytes = 16 * 1024;
/** W-5. Four times the heaviest text, so that its JSON always fits; a larger frame closes its connection. */
export const maxFrameBytes = 64 * 1024;

/** C-1. What a first join shows: a screenful on a large display. */
export const firstPageEntries = 50;
/** C-1. Half of what a connection may have unsent (W-7), so that no single answer exceeds it. */
export const firstPageBytes = 512 * 1024;
/** C-1. The most that one resuming ack carries; the rest follows as events. */
export const resumePageEntries = 500;
export const resumePageBytes = 128 * 1024;
export const maxHistoryLimit = 200;
export const historyPageBytes = 128 * 1024;
/** C-1. The most members that a join ack lists: a crowd's list would cost more than its feed. The count is always exact. */
export const maxListedMembers = 50;
/** C-6h. About how many members a page of the list has. */
export const memberPageSize = 200;
/** C-6h. Where a page of the list begins, as the page before it said. */
export const memberPagePattern = /^\d{1,19}$/;
/** C-8. The most rooms that a list has; the least recently active ones are left out. */
export const maxListedRooms = 200;

/** DM-5. The most conversations that a list has; the longest silent ones are left out. */
export const maxListedConversations = 200;
/** DM-11. The most requests that a visitor has; the oldest give way. */
export const maxListedRequests = 50;
/** DM-11. How many code points of a request's message the list shows. */
export const maxPreviewLength = 300;
/** DM-6. Unread messages are counted up to this number. */
export const maxUnread = 1_000;

/** O-5. */
export const maxSlowMs = 24 * 3_600_000;
export const maxWelcomeBytes = 4_096;
export const maxWelcomeGraphemes = 1_000;

/** O-7. The owner's word list. */
export const maxGuardWords = 500;
export const maxGuardWordBytes = 256;

/** O-4. A reason in words, for the log. */
export const maxReasonBytes = 1_024;

/** A room's title, counted as a reader counts. */
export const maxTitleGraphemes = 80;

/** ID-3. A name that a visitor asks for, counted as a reader counts. */
export const minNameGraphemes = 2;
export const maxNameGraphemes = 24;
/** Replaces a forgotten visitor's name in notices. Too short for a visitor's name, so no visitor can have it. */
export const forgottenName = "–";
/** ID-3. 16 bytes a grapheme: ample for a name of any script; without this bound, one grapheme could fill a frame. */
export const maxNameBytes = 384;

/** ID-1. How long a visitor can stay away and still return as the same visitor. */
export const tokenDays = 30;

/** H-4. Counted as a reader counts. */
export const minHandleGraphemes = 3;
export const maxHandleGraphemes = 32;
export const minPasswordGraphemes = 10;
/** H-4. Ample for a sentence; hashing takes no longer for it. */
export const maxPasswordBytes = 1024;
