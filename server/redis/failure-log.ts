import type { Clock } from "../lib/clock";
import type { Logger } from "../lib/logger";

/** How often a cause that lasts is told again: a reader of the log's last lines sees it, and it does not fill the log. */
export const toldAgainMs = 60_000;
/** No outage has as many causes, unless their words change each time. */
const mostCauses = 100;

type Failure = { client: string; err: string };

/** Tells each cause of an outage when it appears, and once a minute while it lasts: the library repeats it many times a second. */
export class FailureLog {
  private readonly toldAt = new Map<string, number>();

  constructor(
    private readonly logger: Logger,
    private readonly clock: Clock,
  ) {}

  /** Whether any cause has been told since the store was there last. */
  get hasTold(): boolean {
    return this.toldAt.size > 0;
  }

  /** `text`: what happened and what to look at. Returns whether it was told now. */
  tell(failure: Failure, text: string): boolean {
    const cause = `${text} ${failure.err}`;
    const now = this.clock.now();
    const last = this.toldAt.get(cause);
    if (last !== undefined && now - last < toldAgainMs) return false;
    if (last === undefined && this.toldAt.size >= mostCauses) return false;
    this.toldAt.set(cause, now);
    this.logger.warn(failure, text);
    return true;
  }

  /** Call when the store is there again. */
  end(): void {
    this.toldAt.clear();
  }
}
