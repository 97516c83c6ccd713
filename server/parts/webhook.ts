import { FirstMessages } from "../webhook/first-messages";
import { WebhookQueue } from "../webhook/queue";
import { Webhook } from "../webhook/webhook";
import type { Base } from "./base";

/** What tells the owner's receiver; nothing where the settings name none. */
export function composeWebhook(base: Base) {
  const { config, stores } = base;
  if (config.webhook === undefined) return { webhook: undefined, firstMessages: undefined };
  const webhook = new Webhook({
    ...base,
    ...stores,
    target: config.webhook,
    queue: new WebhookQueue(stores.records),
    origin: config.siteOrigin,
  });
  return { webhook, firstMessages: new FirstMessages({ ...base, ...stores, webhook }) };
}
export type Hooked = ReturnType<typeof composeWebhook>;
