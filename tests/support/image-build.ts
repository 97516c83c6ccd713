import { statSync } from "node:fs";
import { chmod, copyFile, cp, mkdir, rename } from "node:fs/promises";
import path from "node:path";
import { startChild } from "./child";
import { type Instruction, readCommand, readPairs, readStages, type Stage } from "./dockerfile";

/** The state of a stage: a folder that stands for `/`, and the settings of its instructions so far. */
type Layer = { root: string; folder: string; env: Record<string, string>; args: Record<string, string> };

export type Image = Layer & {
  command: string[];
  healthCheck: string[];
  stopSignal: NodeJS.Signals;
  /** The ids of USER; undefined when this process is not root, and so cannot become that user. */
  user: { uid: number; gid: number } | undefined;
};

const isRoot = process.getuid?.() === 0;

/**
 * The variables that a RUN line gets from this machine: the path to its programs, npm's settings and cache, proxies.
 */
const outside = /^(PATH|HOME|TMPDIR|NODE_EXTRA_CA_CERTS|npm_config_(?!local_prefix).*|(https?|no)_proxy)$/i;
const builderEnv = Object.fromEntries(Object.entries(process.env).filter(([name]) => outside.test(name)));

/**
 * Carries out a Dockerfile without a container engine: each stage is a folder under `work`, and its absolute paths are
 * paths in that folder. The programs are this machine's, Node among them. It knows only the instructions of our
 * Dockerfile and throws at any other.
 */
export async function buildImage(dockerfile: string, context: string, work: string): Promise<Image> {
  const stages = readStages(dockerfile);
  const layers = new Map<string, Layer>();
  for (const stage of stages) layers.set(stage.name, await buildStage(stage, { layers, context, work }));
  const last = stages.at(-1);
  const layer = last && layers.get(last.name);
  if (!layer) throw new Error("the Dockerfile has no stage");
  const told = (word: string) =>
    last.instructions.find((instruction) => instruction.word === word)?.rest ?? "";
  const [uid = 0, gid = 0] = told("USER").split(":").map(Number);
  await installNode(layer);
  return {
    ...layer,
    command: readCommand(told("CMD")),
    healthCheck: readCommand(told("HEALTHCHECK")),
    stopSignal: told("STOPSIGNAL") as NodeJS.Signals,
    user: isRoot ? { uid, gid } : undefined,
  };
}

type Build = { layers: Map<string, Layer>; context: string; work: string };

async function buildStage(stage: Stage, build: Build): Promise<Layer> {
  const below = build.layers.get(stage.base);
  const layer: Layer = {
    root: path.join(build.work, stage.name),
    folder: below?.folder ?? "/",
    env: { ...below?.env },
    args: {},
  };
  await enter(layer.folder, layer);
  for (const instruction of stage.instructions) await run(instruction, layer, build);
  return layer;
}

async function run({ word, rest }: Instruction, layer: Layer, build: Build): Promise<void> {
  if (word === "ENV") Object.assign(layer.env, readPairs(rest));
  // An ARG has its default, and only in this stage: the image does not keep it.
  else if (word === "ARG") Object.assign(layer.args, readPairs(rest));
  else if (word === "WORKDIR") await enter(rest, layer);
  else if (word === "COPY") await copy(rest, layer, build);
  else if (word === "RUN") await runCommand(rest, layer);
  else if (!["LABEL", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "CMD"].includes(word))
    throw new Error(`tests/support/image-build.ts does not know ${word}`);
}

async function enter(folder: string, layer: Layer): Promise<void> {
  layer.folder = folder;
  await mkdir(inside(layer, "."), { recursive: true });
}

/** The path on this machine for a path in an instruction. */
const inside = ({ root, folder }: Layer, name: string): string => path.join(root, path.resolve(folder, name));

const isFolder = (name: string): boolean => statSync(name).isDirectory();

async function copy(rest: string, layer: Layer, { layers, context }: Build): Promise<void> {
  const [, from, names = ""] = rest.match(/^(?:--from=(\S+) )?(.*)$/) ?? [];
  const words = names.split(" ");
  const target = inside(layer, words.at(-1) ?? "");
  const source = from === undefined ? undefined : layers.get(from);
  if (from !== undefined && !source) throw new Error(`COPY names no stage before it: ${rest}`);
  for (const name of words.slice(0, -1)) {
    // Moves instead of copying, since node_modules has 660 MB: a second COPY of the same folder fails.
    if (source) await rename(inside(source, name), target);
    else if (name === ".") await cp(context, target, { recursive: true, verbatimSymlinks: true });
    else if (isFolder(path.join(context, name)))
      await cp(path.join(context, name), target, { recursive: true });
    else await copyFile(path.join(context, name), path.join(target, path.basename(name)));
  }
}

/** A RUN line runs on this machine, perhaps as root, so only these programs may start. */
const harmless = new Set(["npm", "mkdir", "chown"]);

async function runCommand(line: string, layer: Layer): Promise<void> {
  const commands = line
    .split(" && ")
    .map((command) => command.replaceAll(/(?<=\s)\/(?=\w)/g, `${layer.root}/`));
  const nameOf = (command: string) => command.split(" ")[0] ?? "";
  const unknown = commands.find((command) => !harmless.has(nameOf(command)) || /[;&|<>`$]/.test(command));
  if (unknown !== undefined) throw new Error(`tests/support/image-build.ts does not run ${unknown}`);
  // chown needs root. Without root the files keep their owner, and the server runs as that user.
  const possible = commands.filter((command) => isRoot || nameOf(command) !== "chown");
  const child = startChild("sh", ["-c", possible.join(" && ")], {
    cwd: inside(layer, "."),
    env: { ...builderEnv, ...layer.env, ...layer.args } as unknown as NodeJS.ProcessEnv,
  });
  const { code } = await child.exit;
  if (code !== 0) throw new Error(`RUN ${line} ended with ${code}:\n${child.output()}`);
}

/** Puts Node where the base image has it. This machine's own may be in a folder that the image's user cannot enter. */
async function installNode({ root }: Layer): Promise<void> {
  const bin = path.join(root, "usr/local/bin");
  await mkdir(bin, { recursive: true });
  await copyFile(process.execPath, path.join(bin, "node"));
  await chmod(path.join(bin, "node"), 0o755);
}
