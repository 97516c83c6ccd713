import { z } from "zod";
import type { AccountClient } from "../accounts/account-client";
import type { Sessions } from "../accounts/sessions";
import type { Moderation } from "../moderation/moderation";
import { type JsonAction, jsonAction } from "./json-requests";

type OwnerActionsOptions = { sessions: Pick<Sessions, "read" | "check" | "create">; moderation: Moderation };

/** O-9. A banned visitor too may claim: the key is worth more than any sanction. */
export const ownerActions = ({ sessions, moderation }: OwnerActionsOptions): Record<string, JsonAction> => ({
  claim: jsonAction(z.object({ key: z.string() }), async ({ token, network }: AccountClient, { key }) => {
    const { roles } = moderation;
    const session = token === undefined ? undefined : await sessions.read(token);
    if (session !== undefined) await sessions.check(session);
    await moderation.refresh();
    const right = await roles.readKey(network, key);
    if (session !== undefined)
      return { visitor: { id: session.visitor }, role: await roles.makeOwner(session.visitor, right) };
    // In a banned network no handshake makes a visitor, and a browser that is new there has no token.
    const { visitor: id, token: first } = await sessions.create();
    return { token: first, visitor: { id }, role: await roles.makeOwner(id, right) };
  }),
});
