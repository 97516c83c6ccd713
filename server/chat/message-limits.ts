import type { RoomId } from "../../protocol/events";
import type { Network } from "../lib/network";
import type { Rate } from "../lib/rate";
import type { Allowance } from "./allowance";
import { ChatError } from "./errors";
import type { Visitor } from "./identity";
import type { NetworkBudget, Spending } from "./network-budget";
import type { Newcomers } from "./newcomers";
import type { StoreSpace } from "./store-space";

type World = {
  /** Limits each visitor. */
  messages: Allowance;
  /** Visitors who stay below it may draw on their network's reserve. */
  calm?: Allowance;
  newcomers?: Newcomers;
  networks: NetworkBudget;
  space?: StoreSpace;
};

/**
 * Limits what a visitor writes: first its own rate, then the store's space, then its network's rate
 * (docs/decisions/044-newcomers-and-settled.md).
 */
export class MessageLimits {
  constructor(private readonly world: World) {}

  /**
   * Returns the visitor's rate. Without `text` it is a removal, which needs no space. Throws ChatError("rate_limited")
   * or ChatError("storage_full").
   */
  async take(
    { visitor, network }: { visitor: Visitor; network: Network },
    room: RoomId,
    text?: string,
  ): Promise<Rate | undefined> {
    const { messages, calm, newcomers, networks, space } = this.world;
    messages.spend(visitor.id);
    const isCalm = calm?.take(visitor.id) === 0;
    const isSettled = (await newcomers?.isSettled(visitor)) ?? true;
    if (!isSettled) newcomers?.messages.spend(visitor.id);
    if (text !== undefined) space?.checkMessage(isSettled);
    const bytes = text === undefined ? 0 : Buffer.byteLength(text);
    if (!isSettled) {
      const of = ["newcomerMessages", "newcomerRoomMessages", "newcomerBytes"] as const;
      await networks.take(network, ...spendings(of, room, bytes));
      return newcomers?.messages.rate;
    }
    const waitMs = await networks.tryTake(
      network,
      ...spendings(["messages", "roomMessages", "bytes"], room, bytes),
    );
    if (waitMs === 0) return messages.rate;
    if (!isCalm) throw new ChatError("rate_limited", undefined, waitMs, "network");
    await networks.take(network, "reserve");
    return messages.rate;
  }
}

const spendings = (
  [messages, roomMessages, bytes]: readonly [Spending["kind"], Spending["kind"], Spending["kind"]],
  room: RoomId,
  cost: number,
): Spending[] => [{ kind: messages }, { kind: roomMessages, part: room }, { kind: bytes, cost }];
