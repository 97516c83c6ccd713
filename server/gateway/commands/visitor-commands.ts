import { z } from "zod";
import { command } from "./command";

export const visitorCommands = {
  "visitor:forget": command(
    z.object({ password: z.string().optional() }),
    async (
      { sessions, forgetting, moderation, networks, rareCommands },
      { visitor, session, network },
      { password },
    ) => {
      await forgetting.prove(session, { network, password });
      rareCommands.forgets.take(visitor.id);
      await networks.take(network, "forgets");
      // Before the tokens end: a visitor whose role could not be removed may ask again.
      await moderation.roles.forget(visitor.id);
      const end = await forgetting.forget(session);
      // The answer goes out before the visitor's connections are closed.
      return { answer: {}, afterwards: () => sessions.ends.announce(end) };
    },
  ),
};
