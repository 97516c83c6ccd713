/** The code is in the fragment, which browsers send to no server: no log and no referrer contains it. */
export const transferLink = (code: string): string => new URL(`/me/claim#${code}`, location.href).href;

/** The code in a link's fragment, if there is one. */
export function codeIn(hash: string): string {
  try {
    return decodeURIComponent(hash.replace(/^#/, ""));
  } catch {
    return "";
  }
}

const codeLength = 16;

/** True when characters are missing or too many: the server need not be asked. */
export const isCodeIncomplete = (typed: string): boolean =>
  typed.replace(/[\s\p{Pd}]/gu, "").length !== codeLength;
