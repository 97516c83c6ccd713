import { expect, test } from "../support/fixtures";
import type { BrokerMaker } from "./broker-contract";

/** The replicas tell each other how many connections each has. */
export function loadContract(kind: string, make: BrokerMaker): void {
  test.describe(`${kind}: loads`, () => {
    test("a lone replica gets back its own newest number", async () => {
      const broker = await make();
      expect(await broker.shareLoad(7)).toEqual([7]);
      expect(await broker.shareLoad(0)).toEqual([0]);
    });

    test("a replica that has withdrawn its load counts again when it shares it", async () => {
      const broker = await make();
      await broker.shareLoad(7);
      await broker.withdrawLoad();
      expect(await broker.shareLoad(3)).toEqual([3]);
    });
  });
}
