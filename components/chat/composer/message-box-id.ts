/** The id of the message box, to which skip links and keys lead. */
export const messageBoxId = "message-box";
