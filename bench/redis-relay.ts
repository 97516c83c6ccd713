import { Redis } from "ioredis";
import { until } from "../tests/support/until";
import { atPace, type Load } from "./pace";

/** The least that a relay over Redis can cost: from a bare PUBLISH to its SUBSCRIBE, without a server between them. */
export async function measureRedis(url: string, load: Load): Promise<number[]> {
  const publisher = new Redis(url);
  const subscriber = new Redis(url);
  const latencies: number[] = [];
  subscriber.on("message", (_channel, message) => {
    const [number, sentAt] = message.split(" ").map(Number) as [number, number];
    if (number >= 0) latencies.push(performance.now() - sentAt);
  });
  await subscriber.subscribe("bench");
  await atPace(load, (number) => void publisher.publish("bench", `${number} ${performance.now()}`));
  await until("the last message", () => latencies.length >= load.seconds * load.rate);
  publisher.disconnect();
  subscriber.disconnect();
  return latencies;
}
