import type { Locale } from "../../protocol/events";

export const usage = "npm run talk -- [URL] [ROOM]   (without them: http://localhost:3000 and lobby)";

export type Arguments = { ok: true; url: string; room: string } | { ok: false; message: string };

/** The chat page's address works too: the browser shows that address. */
export function readArguments([address = "http://localhost:3000", room, ...others]: string[]): Arguments {
  if (others.length > 0) return { ok: false, message: `Too many words. Use it like this: ${usage}` };
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol))
    return {
      ok: false,
      message: `${address} isn’t an address such as http://localhost:3000. Use it like this: ${usage}`,
    };
  const { origin, pathname } = new URL(address);
  const shown = pathname.match(/\/chat\/([^/]+)\/?$/)?.[1];
  return { ok: true, url: origin, room: room ?? shown ?? "lobby" };
}

/** The language of the name that the server gives. English stands in for a language that this client does not know. */
export function localeOf({ LC_ALL, LC_MESSAGES, LANG }: NodeJS.ProcessEnv): Locale {
  const language = (LC_ALL || LC_MESSAGES || LANG || "").slice(0, 2);
  return language === "ko" || language === "ja" ? language : "en";
}
