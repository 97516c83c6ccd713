import type { Handler } from "./command";

export const forgetVisitor: Handler<"visitor:forget"> = async (asker, { password }) => {
  const { visitor, session, sessions, forgetting, network, networks, rare } = asker;
  await forgetting.prove(session, { network, password });
  rare.forgets.take(visitor.id);
  await networks.take(network, "forgets");
  const end = await forgetting.forget(session);
  // The answer goes out before the visitor's connections are closed.
  return { answer: {}, afterwards: () => sessions.tell(end) };
};
