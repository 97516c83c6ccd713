import { once } from "node:events";
import { existsSync, fstatSync, writeFileSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { readStoreConfig } from "./config";
import { type Counts, exportLines } from "./dump/export";
import { importLines, readDump } from "./dump/import";
import { textLines } from "./dump/text-lines";
import { openSource, openTarget } from "./dump-stores";
import { keepSecret, readSecret } from "./session-secret";

const usage = `npm run store -- export FILE [--with-secrets]   writes all of the store into FILE, as JSON lines
npm run store -- import FILE [--new-epochs]     fills an empty store from FILE
The settings (environment, .env) name the store: REDIS_URL, or DATA_DIR. FILE may be - for standard output or input.
`;

const pieceBytes = 65_536;
/** A dump has private conversations. */
const ownerOnly = 0o600;

const tell = (text: string): void => void process.stderr.write(`${text}\n`);
const summary = ({ rooms, entries, records }: Counts): string =>
  `${rooms} rooms, ${entries} entries, ${records} records`;
const newCounts = (): Counts => ({ rooms: 0, entries: 0, records: 0 });

type Write = (text: string) => Promise<unknown>;

async function writeAll(lines: AsyncIterable<string>, write: Write): Promise<void> {
  let piece = "";
  for await (const line of lines) {
    piece += `${line}\n`;
    if (piece.length < pieceBytes) continue;
    await write(piece);
    piece = "";
  }
  await write(piece);
}

async function writeOut(lines: AsyncIterable<string>): Promise<void> {
  const { fd } = process.stdout;
  const isFile = fstatSync(fd).isFile();
  await writeAll(lines, async (text) => {
    // Onto a full disk a stream, too, may write only a part, without an error.
    if (isFile) writeFileSync(fd, text);
    else if (!process.stdout.write(text)) await once(process.stdout, "drain");
  });
}

/** Writes under another name until the file is whole: an export that breaks off replaces no older one. */
async function writeFile(file: string, lines: AsyncIterable<string>): Promise<void> {
  const partial = `${file}.partial`;
  const handle = await open(partial, "w", ownerOnly);
  try {
    // Not `write`: on a full disk that may write only a part, without an error.
    await writeAll(lines, (text) => handle.writeFile(text));
    await handle.sync();
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  await rename(partial, file);
}

type StoreSettings = ReturnType<typeof readStoreSettings>;

function readStoreSettings() {
  if (existsSync(".env")) process.loadEnvFile(".env");
  const { result, secret } = readStoreConfig();
  if (!result.ok) throw new Error(result.message);
  return { config: result.config, secret };
}

async function secretOf({ config, secret }: StoreSettings): Promise<string> {
  const { redis, dataDir } = config;
  const kept =
    secret ?? (redis === undefined && dataDir !== undefined ? await readSecret(dataDir) : undefined);
  if (kept !== undefined) return kept;
  throw new Error(
    "--with-secrets: there is no SESSION_SECRET in the environment or .env, so it cannot be written. Set it to that of the server; with compose it is in a volume (docs/operations.md, Backup and restore).",
  );
}

async function exportTo(file: string, hasSecrets: boolean): Promise<void> {
  const settings = readStoreSettings();
  const secret = hasSecrets ? await secretOf(settings) : undefined;
  const source = await openSource(settings.config);
  const counts = newCounts();
  try {
    const lines = exportLines({ source, secret, at: Date.now() }, counts);
    await (file === "-" ? writeOut(lines) : writeFile(file, lines));
  } finally {
    await source.close();
  }
  tell(`Exported ${summary(counts)} of ${source.name}.`);
  if (!hasSecrets)
    tell("Left out: the session secret and the accounts' passwords (--with-secrets takes them along).");
}

/** Reads the file once before the import does, so that a faulty one leaves the store as it is. */
async function checkFile(file: string): Promise<void> {
  for await (const _ of readDump(await textsOf(file)));
}

async function textsOf(file: string): Promise<AsyncIterable<string>> {
  if (file === "-") return textLines(process.stdin);
  return textLines((await open(file)).createReadStream());
}

async function importFrom(file: string, hasNewEpochs: boolean): Promise<void> {
  const settings = readStoreSettings();
  if (file !== "-") await checkFile(file);
  const target = await openTarget(settings.config);
  const counts = newCounts();
  let secret: string | undefined;
  const keep = async (given: string) => {
    secret = given;
    const { redis, dataDir } = settings.config;
    if (redis === undefined && dataDir !== undefined && !given.includes(","))
      await keepSecret(dataDir, given);
  };
  try {
    await importLines(await textsOf(file), { target, hasNewEpochs, keepSecret: keep }, counts);
  } finally {
    await target.close();
  }
  tell(`Imported ${summary(counts)} into ${target.name}.`);
  tell(adviceOn(secret, settings));
}

function adviceOn(secret: string | undefined, settings: StoreSettings): string {
  if (secret === undefined)
    return "The file has no secrets. Visitors stay who they are if SESSION_SECRET is that of the other store; those with accounts sign up again, under the same handle, from a device that is still logged in.";
  const isKept = settings.config.redis === undefined && !secret.includes(",");
  if (settings.secret === secret || (settings.secret === undefined && isKept))
    return "Visitors stay who they are.";
  return "Set SESSION_SECRET to the one in the file, which its second line has: otherwise all visitors become new ones.";
}

async function main([command = "", file = "", ...flags]: string[]): Promise<void> {
  const allowed = { export: "--with-secrets", import: "--new-epochs" }[command];
  if (allowed === undefined || file === "" || flags.some((flag) => flag !== allowed)) throw new Error(usage);
  if (command === "export") await exportTo(file, flags.length > 0);
  else await importFrom(file, flags.length > 0);
}

/** Why, in one sentence; a file of the operator that cannot be opened has only a code. */
function reasonOf(error: unknown): string {
  const { message, code, path: file } = error as NodeJS.ErrnoException;
  return code !== undefined && file !== undefined
    ? `${path.relative("", file)} cannot be used (${code})`
    : message;
}

// On success the process ends once standard output has taken all. On failure it ends at once, even if standard input is open.
main(process.argv.slice(2)).catch((error: unknown) => {
  tell(reasonOf(error));
  process.exit(1);
});
