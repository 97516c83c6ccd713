import type { z } from "zod";
import type { Session } from "../../accounts/session";
import type { Caller } from "../../rooms/rooms";
import type { JoinedRooms } from "../joined-rooms";
import type { Services } from "../services";

/** Who asks, over which connection, and the rooms that this connection is in. */
export type CommandCaller = Caller & { session: Session; membership: JoinedRooms };

/** `afterwards` is called once the answer is on its way, so that nothing overtakes it. */
export type Outcome = { answer: object; afterwards?: () => void };

/**
 * Defines a command: the shape of its input, and what carries it out. `carryOut` throws ChatError; the shape has been
 * checked before.
 */
export const command = <Shape extends z.ZodType>(
  shape: Shape,
  carryOut: (services: Services, caller: CommandCaller, input: z.infer<Shape>) => Promise<Outcome>,
) => ({ shape, carryOut });
