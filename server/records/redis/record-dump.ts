import { type BulkWriter, scanKeys } from "../../redis/bulk";
import type { LoneClient } from "../../redis/lone-client";
import { repliesTo } from "../../redis/replies";
import { type DumpedKind, isDumped, kindOfText, type RecordLine, type RecordLoader } from "../record-dump";

const itemsAtOnce = 1_000;

/** How each type of Redis is read, some of it at once; a stream is a log. */
const scans = { hash: "HSCAN", set: "SSCAN", zset: "ZSCAN" } as const;
const kinds: Record<keyof typeof scans, DumpedKind> = { hash: "map", set: "set", zset: "list" };
const isScanned = (type: unknown): type is keyof typeof scans => typeof type === "string" && type in scans;

/** All records that a dump has. Records written meanwhile may be left out. */
export async function* dumpRecords(redis: LoneClient, prefix: string): AsyncIterable<RecordLine> {
  for await (const found of scanKeys(redis, prefix, "*")) {
    const keys = found.filter((key) => isDumped(key.slice(prefix.length)));
    const asked = redis.pipeline();
    for (const key of keys) asked.type(key).pexpiretime(key);
    const answers = await repliesTo(asked.exec());
    for (const [index, key] of keys.entries()) {
      const [type, lapsesAt] = answers.slice(2 * index) as [string, number];
      const name = key.slice(prefix.length);
      const lifetime = lapsesAt > 0 ? { lapsesAt } : {};
      if (type === "string") yield* dumpText(redis, key, name, lifetime);
      else if (isScanned(type)) {
        yield { record: { key: name, kind: kinds[type], ...lifetime } };
        yield* dumpItems(redis, key, type);
      }
    }
  }
}

async function* dumpText(
  redis: LoneClient,
  key: string,
  name: string,
  lifetime: { lapsesAt?: number },
): AsyncIterable<RecordLine> {
  const text = await redis.get(key);
  if (text === null) return;
  const kind = kindOfText(name);
  yield { record: { key: name, kind, value: kind === "count" ? Number(text) : text, ...lifetime } };
}

async function* dumpItems(
  redis: LoneClient,
  key: string,
  type: keyof typeof scans,
): AsyncIterable<RecordLine> {
  let cursor = "0";
  do {
    const reply = await redis.call(scans[type], key, cursor, "COUNT", itemsAtOnce);
    const [next, words] = reply as [string, string[]];
    if (type === "set") for (const name of words) yield { item: [name] };
    else
      for (let index = 0; index + 1 < words.length; index += 2) {
        const [name = "", value = ""] = words.slice(index, index + 2);
        yield { item: [name, type === "zset" ? Number(value) : value] };
      }
    cursor = next;
  } while (cursor !== "0");
}

/** Writes the records of a dump. */
export class RedisRecordLoader implements RecordLoader {
  private lapsing: { key: string; lapsesAt: number } | undefined;
  private kind: DumpedKind = "value";
  private key = "";

  constructor(
    private readonly writer: BulkWriter,
    private readonly prefix: string,
  ) {}

  async write(line: RecordLine): Promise<void> {
    if ("item" in line) this.addItem(line.item);
    else {
      this.endRecord();
      const { key, kind, value = "", lapsesAt } = line.record;
      this.key = this.prefix + key;
      this.kind = kind;
      if (kind === "value" || kind === "count") this.writer.add("SET", this.key, value);
      if (lapsesAt !== undefined) this.lapsing = { key: this.key, lapsesAt };
    }
    await this.writer.flush();
  }

  async finish(): Promise<void> {
    this.endRecord();
    await this.writer.flush(true);
  }

  private addItem([name, value = name]: [name: string, value?: string | number]): void {
    if (this.kind === "map") this.writer.add("HSET", this.key, name, value);
    if (this.kind === "set") this.writer.add("SADD", this.key, name);
    if (this.kind === "list") this.writer.add("ZADD", this.key, value, name);
  }

  /** A record without items does not exist yet. */
  private endRecord(): void {
    const { lapsing } = this;
    this.lapsing = undefined;
    if (lapsing !== undefined) this.writer.add("PEXPIREAT", lapsing.key, lapsing.lapsesAt);
  }
}
