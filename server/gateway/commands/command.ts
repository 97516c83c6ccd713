import type { Locale } from "../../../protocol/events";
import type { Session } from "../../accounts/account-store";
import type { Visitor } from "../../accounts/identity";
import type { ConnectionId } from "../../broker/membership";
import type { Network } from "../../lib/network";
import type { Membership } from "../membership";
import type { CommandName, Inputs } from "../parse";
import type { Services } from "../services";

/** Who asks, over which connection, and the services that carry out the command. */
export type CommandContext = Services & {
  visitor: Visitor;
  network: Network;
  session: Session;
  locale: Locale;
  connection: ConnectionId;
  membership: Membership;
};

/** `afterwards` is called once the answer is on its way, so that nothing overtakes it. */
export type Outcome = { answer: object; afterwards?: () => void };

/** Carries out one command whose shape has been checked. Throws ChatError. */
export type Handler<Name extends CommandName> = (
  context: CommandContext,
  input: Inputs[Name],
) => Promise<Outcome>;
