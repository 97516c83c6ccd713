import type { Handler } from "./command";

export const forgetVisitor: Handler<"visitor:forget"> = async (asker, { password }) => {
  const { session, sessions, forgetting, network } = asker;
  await forgetting.prove(session, { network, password });
  const end = await forgetting.forget(session);
  // Whoever asked hears that it is done before its connections are closed.
  return { answer: {}, afterwards: () => sessions.tell(end) };
};
