import type { FailureContext } from '../../jobs/failures.js';
import type { ForgottenPlace } from '../../jobs/forget.js';
import { troubleFailure } from '../failures.js';
import { type Finding, troubleOf } from './finding.js';

/** A row without what became of the place. */
export type Place = Omit<ForgottenPlace, 'state'>;

interface TroubledPlace {
  place: Place;
  reason: string;
  retryAfterMs: number | undefined;
}

/** Works through places, each on its own: what becomes of one keeps no other from being erased. */
export class Tries {
  /** What became of them so far; those in trouble are `unreachable`. */
  readonly places: ForgottenPlace[] = [];
  readonly #troubled: TroubledPlace[] = [];
  readonly #earlier: Map<string, ForgottenPlace>;

  /**
   * @param erased what earlier attempts have erased: to who looks again it is only absent.
   * @param signal of the attempt; when it is aborted, the places that are left are not touched.
   * @param onErased called with each place that was erased.
   */
  constructor(
    erased: readonly ForgottenPlace[],
    readonly signal: AbortSignal,
    readonly onErased: (place: ForgottenPlace) => void,
  ) {
    this.#earlier = new Map(erased.map((place) => [nameOf(place), place]));
  }

  async run(place: Place, work: () => Promise<Finding>): Promise<void> {
    this.signal.throwIfAborted();
    const finding = await this.#findingOf(place, work);
    const row: ForgottenPlace = { ...place, ...finding };
    const earlier = finding.state === 'absent' ? this.#earlier.get(nameOf(row)) : undefined;
    this.places.push(earlier ?? row);
    if (finding.state === 'erased') this.onErased(row);
  }

  /** @param leftMs of the patience. @throws a failure that Temporal retries, when there is a place that may be erased later. */
  throwTrouble(about: FailureContext, leftMs: number): void {
    const [first] = this.#troubled;
    if (first === undefined) return;
    const waits = this.#troubled.map(({ retryAfterMs = 0 }) => retryAfterMs);
    const wait = Math.min(Math.max(...waits), leftMs);
    const which = `${this.#troubled.length} of ${this.places.length} places could not be erased yet`;
    throw troubleFailure(`${which}; ${first.place.place} ${first.place.id}: ${first.reason}`, about, wait);
  }

  async #findingOf(place: Place, work: () => Promise<Finding>): Promise<Finding> {
    try {
      return await work();
    } catch (error) {
      this.signal.throwIfAborted();
      const trouble = troubleOf(error);
      if (!trouble.again) return trouble.finding;
      const { reason, retryAfterMs } = trouble;
      this.#troubled.push({ place, reason, retryAfterMs });
      return { state: 'unreachable', how: `${reason}; forget again when it answers` };
    }
  }
}

const nameOf = ({ place, provider, account, operation, id }: Place): string =>
  JSON.stringify([place, provider, account, operation, id]);
