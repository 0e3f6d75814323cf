/** Says what was looked at, and remembers whether all of it was as it must be. */
export interface Expectations {
  /** Compares as JSON. */
  that(what: string, got: unknown, wanted: unknown): void;
  /** @throws Error that counts what was not. */
  end(): void;
}

export function createExpectations(say: (line: string) => void = console.log): Expectations {
  let broken = 0;
  return {
    that(what, got, wanted) {
      const [is, must] = [JSON.stringify(got), JSON.stringify(wanted)];
      if (is === must) return say(`  ok   ${what}`);
      broken += 1;
      say(`  NOT  ${what}: ${is} where ${must} must be`);
    },
    end() {
      if (broken > 0) throw new Error(`${broken} of these are not as they must be`);
    },
  };
}
