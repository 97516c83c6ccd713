import type { VisitorId } from "../../../protocol/events";
import type { Logger } from "../../lib/logger";
import {
  publishing,
  type StoreConnection,
  type StoreStep,
  type StoreSubscriber,
} from "../../redis/connection";
import type { Keys } from "../../redis/keys";
import { repliesOf } from "../../redis/replies";
import { toChatError } from "../../redis/store-error";
import type { Call } from "../online-visitors";

type Listener = (call: Call) => void;
type VisitorChannelsOptions = { redis: StoreConnection; subscriber: StoreSubscriber; logger: Logger };

/**
 * One channel per visitor that this replica follows: `c` (conversation) or `p` (presence), a space, the other visitor;
 * then a space and the version, if the call has one.
 */
export class VisitorChannels {
  private readonly followed = new Map<string, Set<Listener>>();

  constructor(
    private readonly options: VisitorChannelsOptions,
    private readonly keys: Keys,
  ) {
    options.subscriber.on("message", (channel: string, message: string) => {
      const call = readCall(message);
      for (const listener of this.followed.get(channel) ?? []) listener(call);
    });
  }

  async follow(visitor: VisitorId, listener: Listener): Promise<() => void> {
    const channel = this.keys.visitorChannel(visitor);
    const listeners = this.followed.get(channel) ?? new Set<Listener>();
    this.followed.set(channel, listeners.add(listener));
    const stop = () => this.unfollow(channel, listener);
    try {
      await this.options.subscriber.subscribe(channel);
      return stop;
    } catch (error) {
      stop();
      throw toChatError(error);
    }
  }

  async call(visitors: readonly VisitorId[], call: Call): Promise<void> {
    if (visitors.length === 0) return;
    const { redis } = this.options;
    const publish = publishing(redis);
    const calls = visitors.map(
      (visitor): StoreStep => [[publish, this.keys.visitorChannel(visitor), writeCall(call)]],
    );
    repliesOf(await redis.askAll(calls));
  }

  /** ioredis says "ready" when it has sent its subscriptions; the answer to a ping comes after them. */
  onReturn(listener: () => void): void {
    const { subscriber } = this.options;
    subscriber.on("ready", () => void subscriber.ping().then(listener, () => undefined));
  }

  /** The channel has no listener in the tick that sends this: a new one sends its subscription after it. */
  private unfollow(channel: string, listener: Listener): void {
    const listeners = this.followed.get(channel);
    if (!listeners?.delete(listener) || listeners.size > 0) return;
    this.followed.delete(channel);
    this.options.subscriber.unsubscribe(channel).catch((error: unknown) => {
      this.options.logger.warn({ err: error }, "could not unsubscribe");
    });
  }
}

const writeCall = ({ about, of, version }: Call): string =>
  [about === "presence" ? "p" : "c", of, ...(version === undefined ? [] : [version])].join(" ");

function readCall(message: string): Call {
  const [about, of = "", version] = message.split(" ");
  return {
    about: about === "p" ? "presence" : "conversation",
    of,
    ...(version !== undefined && { version: Number(version) }),
  };
}
