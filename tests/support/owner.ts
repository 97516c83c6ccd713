import type { VisitorOptions } from "./wire-socket";
import type { WireVisitor } from "./wire-visitor";

export const ownerKey = "a key long enough for the owner of a test";
/** The settings with which a test's visitor can become the owner. */
export const ownedSite = { OWNER_KEY: ownerKey, RATE_LIMITS: "off", TRUST_PROXY_HOPS: "1" };

/** Connects as if from an address of that network. */
export const from = (address: string, options: VisitorOptions): VisitorOptions => ({
  ...options,
  headers: { "x-forwarded-for": address },
});

export async function claimOwner(visitor: WireVisitor): Promise<WireVisitor> {
  await visitor.must("owner:claim", { key: ownerKey });
  return visitor;
}

/** Resolves with the error that refuses a connection; undefined when it is let in. */
export const refusalOf = (connecting: Promise<WireVisitor>): Promise<string | undefined> =>
  connecting.then(
    () => undefined,
    (error: Error & { data?: { code: string } }) => error.data?.code ?? error.message,
  );
