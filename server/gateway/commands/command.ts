import type { z } from "zod";
import type { Locale } from "../../../protocol/events";
import type { Visitor } from "../../accounts/identity";
import type { Session } from "../../accounts/session";
import type { ConnectionId } from "../../broker/membership";
import type { Network } from "../../lib/network";
import type { JoinedRooms } from "../joined-rooms";
import type { Services } from "../services";

/** Who asks, over which connection, and the services that carry out the command. */
export type CommandContext = Services & {
  visitor: Visitor;
  network: Network;
  session: Session;
  locale: Locale;
  connection: ConnectionId;
  membership: JoinedRooms;
};

/** `afterwards` is called once the answer is on its way, so that nothing overtakes it. */
export type Outcome = { answer: object; afterwards?: () => void };

/**
 * Defines a command: the shape of its input, and what carries it out. `carryOut` throws ChatError; the shape has been
 * checked before.
 */
export const command = <Shape extends z.ZodType>(
  shape: Shape,
  carryOut: (context: CommandContext, input: z.infer<Shape>) => Promise<Outcome>,
) => ({ shape, carryOut });
