import type { IncomingMessage } from "node:http";

/** A header's lines as they came. Next fills in `X-Forwarded-…` of its own where no proxy has said them. */
export const wireHeader = ({ rawHeaders }: IncomingMessage, name: string): string[] =>
  rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
