import { z } from "zod";
import type { AccountClient } from "../accounts/account-client";
import type { Sessions } from "../accounts/sessions";
import type { Moderation } from "../moderation/moderation";
import { type JsonAction, jsonAction } from "./json-requests";

type OwnerActionsOptions = { sessions: Pick<Sessions, "read" | "check">; moderation: Moderation };

/** O-9. A banned visitor too may claim: the key is worth more than any sanction. */
export const ownerActions = ({ sessions, moderation }: OwnerActionsOptions): Record<string, JsonAction> => ({
  claim: jsonAction(z.object({ key: z.string() }), async ({ token, network }: AccountClient, { key }) => {
    const session = await sessions.read(token);
    await sessions.check(session);
    await moderation.refresh();
    const { visitor: id } = session;
    return { visitor: { id }, role: await moderation.roles.claim(id, network, key) };
  }),
});
