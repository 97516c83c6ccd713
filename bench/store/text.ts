/** The text of every message. */
export const text = "Eighty letters are a sentence that a visitor might well say to the others in here.";
