import type { Handler } from "./command";

export const forgetVisitor: Handler<"visitor:forget"> = async (asker, { password }) => {
  const { visitor, session, sessions, forgetting, network, rare } = asker;
  await forgetting.prove(session, { network, password });
  rare.forgets.spend(visitor.id);
  const end = await forgetting.forget(session);
  // Whoever asked hears that it is done before its connections are closed.
  return { answer: {}, afterwards: () => sessions.tell(end) };
};
