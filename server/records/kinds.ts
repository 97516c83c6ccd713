import type { Question, QuestionTypes, Write, WriteTypes } from "./records";

const ask = <K extends keyof QuestionTypes>(
  name: K,
  key: string,
  ...args: Parameters<QuestionTypes[K]>
): Question<K> => ({ ask: name, key, args }) as unknown as Question<K>;
const write = <K extends keyof WriteTypes>(
  name: K,
  key: string,
  ...args: Parameters<WriteTypes[K]>
): Write<K> => ({ write: name, key, args }) as unknown as Write<K>;

/** What may be asked of a record of any kind, and done to it. */
class AnyRecord {
  constructor(protected readonly key: string) {}

  leftMs(...args: Parameters<QuestionTypes["leftMs"]>) {
    return ask("leftMs", this.key, ...args);
  }
  remove(...args: Parameters<WriteTypes["remove"]>) {
    return write("remove", this.key, ...args);
  }
  keep(...args: Parameters<WriteTypes["keep"]>) {
    return write("keep", this.key, ...args);
  }
  keepAtLeast(...args: Parameters<WriteTypes["keepAtLeast"]>) {
    return write("keepAtLeast", this.key, ...args);
  }
}

class ValueRecord extends AnyRecord {
  value(...args: Parameters<QuestionTypes["value"]>) {
    return ask("value", this.key, ...args);
  }
  put(...args: Parameters<WriteTypes["put"]>) {
    return write("put", this.key, ...args);
  }
  take(...args: Parameters<WriteTypes["take"]>) {
    return write("take", this.key, ...args);
  }
}

class CounterRecord extends AnyRecord {
  count(...args: Parameters<QuestionTypes["count"]>) {
    return ask("count", this.key, ...args);
  }
  increment(...args: Parameters<WriteTypes["increment"]>) {
    return write("increment", this.key, ...args);
  }
}

class MapRecord extends AnyRecord {
  field(...args: Parameters<QuestionTypes["field"]>) {
    return ask("field", this.key, ...args);
  }
  fields(...args: Parameters<QuestionTypes["fields"]>) {
    return ask("fields", this.key, ...args);
  }
  setField(...args: Parameters<WriteTypes["setField"]>) {
    return write("setField", this.key, ...args);
  }
  removeField(...args: Parameters<WriteTypes["removeField"]>) {
    return write("removeField", this.key, ...args);
  }
}

class SetRecord extends AnyRecord {
  has(...args: Parameters<QuestionTypes["has"]>) {
    return ask("has", this.key, ...args);
  }
  members(...args: Parameters<QuestionTypes["members"]>) {
    return ask("members", this.key, ...args);
  }
  some(...args: Parameters<QuestionTypes["some"]>) {
    return ask("some", this.key, ...args);
  }
  size(...args: Parameters<QuestionTypes["size"]>) {
    return ask("size", this.key, ...args);
  }
  add(...args: Parameters<WriteTypes["add"]>) {
    return write("add", this.key, ...args);
  }
  drop(...args: Parameters<WriteTypes["drop"]>) {
    return write("drop", this.key, ...args);
  }
}

class ListRecord extends AnyRecord {
  scores(...args: Parameters<QuestionTypes["scores"]>) {
    return ask("scores", this.key, ...args);
  }
  listed(...args: Parameters<QuestionTypes["listed"]>) {
    return ask("listed", this.key, ...args);
  }
  length(...args: Parameters<QuestionTypes["length"]>) {
    return ask("length", this.key, ...args);
  }
  score(...args: Parameters<WriteTypes["score"]>) {
    return write("score", this.key, ...args);
  }
  raise(...args: Parameters<WriteTypes["raise"]>) {
    return write("raise", this.key, ...args);
  }
  stamp(...args: Parameters<WriteTypes["stamp"]>) {
    return write("stamp", this.key, ...args);
  }
  unlist(...args: Parameters<WriteTypes["unlist"]>) {
    return write("unlist", this.key, ...args);
  }
  keepHighest(...args: Parameters<WriteTypes["keepHighest"]>) {
    return write("keepHighest", this.key, ...args);
  }
  dropBelow(...args: Parameters<WriteTypes["dropBelow"]>) {
    return write("dropBelow", this.key, ...args);
  }
}

class LogRecord extends AnyRecord {
  lastPosition(...args: Parameters<QuestionTypes["lastPosition"]>) {
    return ask("lastPosition", this.key, ...args);
  }
  since(...args: Parameters<QuestionTypes["since"]>) {
    return ask("since", this.key, ...args);
  }
  append(...args: Parameters<WriteTypes["append"]>) {
    return write("append", this.key, ...args);
  }
}

export const storeTime: Question<"now"> = ask("now", "");
export const valueAt = (key: string): ValueRecord => new ValueRecord(key);
export const counterAt = (key: string): CounterRecord => new CounterRecord(key);
export const mapAt = (key: string): MapRecord => new MapRecord(key);
export const setAt = (key: string): SetRecord => new SetRecord(key);
export const listAt = (key: string): ListRecord => new ListRecord(key);
export const logAt = (key: string): LogRecord => new LogRecord(key);
