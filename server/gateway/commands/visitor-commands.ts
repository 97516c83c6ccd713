import type { Handler } from "./command";

export const forgetVisitor: Handler<"visitor:forget"> = async ({
  visitor,
  session,
  sessions,
  forgetting,
  rare,
}) => {
  rare.forgets.spend(visitor.id);
  const end = await forgetting.forget(session);
  // Whoever asked hears that it is done before its connections are closed.
  return { answer: {}, afterwards: () => sessions.tell(end) };
};
