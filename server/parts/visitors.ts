import { Accounts } from "../accounts/accounts";
import { Identity } from "../accounts/identity";
import { Passwords } from "../accounts/passwords";
import { Quotas } from "../accounts/quotas";
import { Sessions } from "../accounts/sessions";
import type { Base } from "./base";
import type { Limits } from "./limits";

export function composeVisitors({ config, clock, logger, stores }: Base, { space }: Limits) {
  const identity = new Identity(config.sessionKeys);
  const sessions = new Sessions({ identity, accounts: stores.accounts, clock, logger });
  const quotas = new Quotas(stores.quotas, config.rateLimits && config.sessionKeys[0]);
  const passwords = new Passwords();
  const accounts = new Accounts({
    sessions,
    identity,
    store: stores.accounts,
    quotas,
    passwords,
    clock,
    space,
  });
  return { sessions, accounts, quotas };
}
