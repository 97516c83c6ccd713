import { type Environment, isShareable, Replica } from "./replica";

/** The most processes that wait for another test. */
const mostIdle = 3;

/**
 * Processes of replicas that earlier tests of this worker have left intact. A replica that starts in one of them is as new
 * as a replica in a process of its own (tests/support/shared-process.cjs).
 */
export class ReplicaPool {
  private readonly idle: Replica[] = [];

  async launch(environment: Environment): Promise<Replica> {
    const resting = isShareable(environment) ? this.idle.pop() : undefined;
    return resting?.isRunning() ? resting.startAnew(environment) : Replica.launch(environment);
  }

  async take(replica: Replica): Promise<void> {
    if (this.idle.length < mostIdle && (await replica.rest())) this.idle.push(replica);
    else await replica.kill();
  }

  async close(): Promise<void> {
    await Promise.all(this.idle.map((replica) => replica.kill()));
  }
}
