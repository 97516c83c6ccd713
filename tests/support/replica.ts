import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Child, type Exit, startChild } from "./child";
import { freePort } from "./ports";
import { until } from "./until";

/** The folder with the production build of the replicas: this project's, unless MADANG_BUILD names another. */
export const buildFolder = path.resolve(process.env.MADANG_BUILD || ".");

export type Environment = Record<string, string | undefined>;

/** Within this time a replica boots. On an idle machine it takes a second. */
export const bootTimeoutMs = 90_000;
/** Within this time a chat closes, if its store answers. */
const restMs = 2_000;
const sharedProcess = path.resolve("tests/support/shared-process.cjs");
/** Settings that a process takes only when it starts. */
const lasting = ["MADANG_FOLDER", "MADANG_BUILD", "NODE_OPTIONS", "NODE_ENV", "HOSTNAME", "PORT", "DATA_DIR"];

export const isShareable = (environment: Environment): boolean =>
  !lasting.some((name) => name in environment);

const settingsAt = (port: number, environment: Environment): Environment => ({
  PATH: process.env.PATH,
  NODE_ENV: "production",
  HOSTNAME: "127.0.0.1",
  PORT: String(port),
  ALLOW_NO_ORIGIN: "true",
  DATA_DIR: "none",
  ...environment,
});

/** Longer than a busy machine takes for a page's first request; an ask of a replica that may be frozen brings its own limit. */
const askTimeoutMs = 20_000;

/** One production server on a loopback port, in a process of its own. */
export class Replica {
  private isTouched = false;

  private constructor(
    readonly port: number,
    private readonly child: Child,
    private readonly isShareable: boolean,
    /** The offset at which its output begins; before that is the output of earlier replicas in this process. */
    private readonly outputFrom = 0,
  ) {}

  /**
   * Starts a replica without waiting for it. An `undefined` in the environment unsets that setting; MADANG_FOLDER is
   * the working directory, by default a folder without settings; MADANG_BUILD is another build to run.
   */
  static async launch(environment: Environment, samePort?: number): Promise<Replica> {
    const { MADANG_FOLDER: folder, MADANG_BUILD: build = buildFolder, ...settings } = environment;
    const port = samePort ?? (await freePort());
    const server = path.join(build, ".next/standalone/server.js");
    const child = startChild(process.execPath, ["--require", sharedProcess, server], {
      env: settingsAt(port, settings) as NodeJS.ProcessEnv,
      cwd: folder ?? tmpdir(),
      answers: true,
    });
    return new Replica(port, child, isShareable(environment));
  }

  /**
   * Closes its chat, and resolves with whether another replica may start in the same process: not if a test has frozen or
   * ended it, or it has settings that a process takes only when it starts.
   */
  async rest(): Promise<boolean> {
    if (!this.isShareable || this.isTouched || !this.isRunning()) return false;
    const rested = this.child.ask({}) as Promise<{ error?: string }>;
    const tooLate = pause(restMs, undefined, { ref: false });
    const answer = await Promise.race([rested, tooLate]).catch(() => undefined);
    return answer !== undefined && answer.error === undefined;
  }

  /** Starts another replica in the process of this closed one. */
  async startAnew(environment: Environment): Promise<Replica> {
    const replica = new Replica(this.port, this.child, true, this.child.output().length);
    const answer = await this.child.ask({ environment: settingsAt(this.port, environment) });
    const { error } = answer as { error?: string };
    if (error !== undefined) throw new Error(`no replica could be started anew: ${error}\n${this.output()}`);
    return replica;
  }

  /** Starts a replica, and waits until it reports that it is ready. */
  static async start(environment: Environment): Promise<Replica> {
    const replica = await Replica.launch(environment);
    await replica.ready();
    return replica;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.child.pid;
  }

  get exit(): Promise<Exit> {
    return this.child.exit;
  }

  /** All its output so far. */
  output(): string {
    return this.child.output().slice(this.outputFrom);
  }

  /** Waits for words in its output. The log is written asynchronously: a line may come later than the event it reports. */
  async says(words: string): Promise<void> {
    await until(`“${words}” of replica ${this.port}`, () => this.output().includes(words)).catch((error) => {
      throw new Error(`${error.message}\n${this.output()}`);
    });
  }

  isRunning(): boolean {
    return this.child.isRunning();
  }

  get(pathname: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.url}${pathname}`, { signal: AbortSignal.timeout(askTimeoutMs), ...init });
  }

  async metric(name: string): Promise<number> {
    const text = await (await this.get("/api/metrics")).text();
    return Number(text.match(new RegExp(`^${name} (\\S+)$`, "m"))?.[1]);
  }

  ready(): Promise<void> {
    return this.answers("/api/socket", 200, bootTimeoutMs);
  }

  /** Waits until a path answers with a status. */
  async answers(pathname: string, status: number, timeoutMs = 15_000): Promise<void> {
    const what = `${pathname} ${status} of replica ${this.port}`;
    const isAnswered = async () => {
      if (!this.isRunning()) return "ended" as const;
      const answer = await this.get(pathname);
      if (answer.status !== status) throw new Error(`${answer.status} ${await answer.text()}`);
      return "answered" as const;
    };
    const outcome = await until(what, isAnswered, timeoutMs).catch((error) => error as Error);
    if (outcome === "answered") return;
    throw new Error(`${what}: ${outcome}\n${this.output()}`, { cause: outcome });
  }

  /** Ends it by SIGTERM, as an orchestrator does, and resolves with its exit. */
  stop(): Promise<Exit> {
    this.isTouched = true;
    this.child.signal("SIGTERM");
    return this.exit;
  }

  /** Ends it as Ctrl-C does. */
  interrupt(): Promise<Exit> {
    this.isTouched = true;
    this.child.signal("SIGINT");
    return this.exit;
  }

  kill(): Promise<Exit> {
    this.isTouched = true;
    this.child.signal("SIGKILL");
    return this.exit;
  }

  /** Freezes it, like a process that swaps or whose machine sleeps: it keeps its connections and does nothing. */
  pause(): void {
    this.isTouched = true;
    this.child.signal("SIGSTOP");
  }

  resume(): void {
    this.child.signal("SIGCONT");
  }
}
