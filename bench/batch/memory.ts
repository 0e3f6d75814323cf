/** Resident memory of one worker process over the documents that it saw end. */
export class WorkerMemory {
  #lives: { since: number; looks: { seen: number; mb: number }[] }[] = [];

  /** A worker begins. @param ended documents that had ended by then. */
  begin(ended: number): void {
    this.#lives.push({ since: ended, looks: [] });
  }

  look(ended: number, mb: number): void {
    const life = this.#lives.at(-1);
    life?.looks.push({ seen: ended - life.since, mb });
  }

  /** Of the last worker, each the median of a few looks: after its first documents, and at the end. Null: it has not seen half as many again. */
  last(first: number): { seen: number; firstMb: number; endMb: number } | null {
    const looks = this.#lives.at(-1)?.looks ?? [];
    const { seen = 0 } = looks.at(-1) ?? {};
    const from = looks.findIndex((look) => look.seen >= first);
    if (seen < 1.5 * first || from < 0) return null;
    return { seen, firstMb: median(looks.slice(from, from + LOOKS)), endMb: median(looks.slice(-LOOKS)) };
  }

  /** Over the documents of the batch, a few dozen points: a fall is a worker that was killed. */
  points(): [ended: number, mb: number][] {
    const all = this.#lives.flatMap(({ since, looks }) =>
      looks.map(({ seen, mb }) => [since + seen, mb] as [number, number]),
    );
    const step = Math.max(1, Math.ceil(all.length / POINTS));
    return all.filter((_point, at) => at % step === 0 || at === all.length - 1);
  }

  get peakMb(): number {
    return Math.max(0, ...this.#lives.flatMap(({ looks }) => looks.map(({ mb }) => mb)));
  }
}

const LOOKS = 5;
const POINTS = 100;
const median = (looks: { mb: number }[]): number =>
  looks.map(({ mb }) => mb).sort((a, b) => a - b)[Math.floor(looks.length / 2)] ?? 0;
