import { explain, FullDisk } from "../../server/journal/level/unusable-folder";
import { expect, test } from "../support/plain-test";

/** LevelDB's errors as the library wraps them: they have no codes. */
const refused = (message: string) => new Error("Database failed to open", { cause: new Error(message) });
const withCode = (code: string) => Object.assign(new Error(`${code}: scandir`), { code });

for (const error of [
  refused("IO error: /data/store/LOCK: Permission denied"),
  refused("IO error: /data/store/000004.log: Read-only file system"),
  withCode("EACCES"),
])
  test(`a folder of another account is not reported as damaged: ${error.cause ?? error}`, () => {
    const { message } = explain("/data/store", error);
    expect(message).toContain("/data/store cannot be written");
    expect(message).not.toContain("damaged");
  });

for (const error of [
  refused("IO error: /data/store/000014.ldb: No space left on device"),
  withCode("EDQUOT"),
])
  test(`a full disk is not reported as damage: ${error.cause ?? error}`, () => {
    const explained = explain("/data/store", error);
    expect(explained).toBeInstanceOf(FullDisk);
    expect(explained.message).not.toContain("damaged");
  });

test("any other error is reported as damage, with LevelDB's reason", () => {
  const { message } = explain("/data/store", refused("Corruption: 1 missing files"));
  expect(message).toContain("/data/store is damaged: Corruption: 1 missing files");
});
