import type { RoomId } from "../../protocol/events";
import type { Visitor } from "../accounts/identity";
import { ChatError } from "../errors";
import type { Network } from "../lib/network";
import type { Rate } from "../lib/rate";
import type { NetworkBudget, Spending } from "./network-budget";
import type { Newcomers } from "./newcomers";
import type { RateLimit } from "./rate-limit";
import type { StoreSpace } from "./store-space";

type MessageLimitsOptions = {
  /** Limits each visitor. */
  messages: RateLimit;
  /** Visitors who stay below it may draw on their network's reserve. */
  reserve?: RateLimit;
  newcomers?: Newcomers;
  networks: NetworkBudget;
  space?: StoreSpace;
};

/**
 * Limits what a visitor writes: first its own rate, then the store's space, then its network's rate
 * (docs/decisions/044-newcomers-and-settled-visitors.md).
 */
export class MessageLimits {
  constructor(private readonly options: MessageLimitsOptions) {}

  /**
   * Returns the visitor's rate. Without `text` it is a removal, which needs no space. Throws ChatError("rate_limited")
   * or ChatError("storage_full").
   */
  async take(
    { visitor, network }: { visitor: Visitor; network: Network },
    room: RoomId,
    text?: string,
  ): Promise<Rate | undefined> {
    const { messages, reserve, newcomers, networks, space } = this.options;
    messages.take(visitor.id);
    const mayUseReserve = reserve?.tryTake(visitor.id) === 0;
    const isSettled = (await newcomers?.isSettled(visitor)) ?? true;
    const own = isSettled ? messages : (newcomers?.messages ?? messages);
    if (own !== messages) own.take(visitor.id);
    try {
      if (text !== undefined) space?.checkMessage(isSettled);
      const bytes = text === undefined ? 0 : Buffer.byteLength(text);
      if (isSettled) await this.takeSettled(network, room, bytes, mayUseReserve);
      else await networks.take(network, ...spendings(newcomerKinds, room, bytes));
    } catch (error) {
      // A refusal by a shared limit costs the visitor none of its own tokens: it may retry when the wait is over.
      for (const each of new Set([messages, own])) each.giveBack(visitor.id);
      throw error;
    }
    return own.rate;
  }

  private async takeSettled(
    network: Network,
    room: RoomId,
    bytes: number,
    mayUseReserve: boolean,
  ): Promise<void> {
    const { networks } = this.options;
    const waitMs = await networks.tryTake(network, ...spendings(settledKinds, room, bytes));
    if (waitMs === 0) return;
    if (!mayUseReserve) throw new ChatError("rate_limited", undefined, waitMs, "network");
    await networks.take(network, "reserve");
  }
}

const settledKinds = ["messages", "roomMessages", "bytes"] as const;
const newcomerKinds = ["newcomerMessages", "newcomerRoomMessages", "newcomerBytes"] as const;

const spendings = (
  [messages, roomMessages, bytes]: readonly [Spending["kind"], Spending["kind"], Spending["kind"]],
  room: RoomId,
  cost: number,
): Spending[] => [{ kind: messages }, { kind: roomMessages, per: room }, { kind: bytes, cost }];
