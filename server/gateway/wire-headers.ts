import type { IncomingMessage } from "node:http";

/** A header's lines as received. Next adds `X-Forwarded-…` headers of its own where no proxy has set them. */
export const wireHeader = ({ rawHeaders }: IncomingMessage, name: string): string[] =>
  rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
