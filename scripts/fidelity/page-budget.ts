/** Counts the pages that a run has billed. */
export interface PageBudget {
  /** Leave to have so many more pages billed. False when that would pass the limit: then nothing is taken. */
  take(pages: number): boolean;
  /** The vendor counted more than what was taken for the call. */
  correct(taken: number, counted: number): void;
  readonly spent: number;
}

export function createPageBudget(limit: number): PageBudget {
  let spent = 0;
  return {
    take(pages) {
      if (!(pages >= 0) || spent + pages > limit) return false;
      spent += pages;
      return true;
    },
    correct(taken, counted) {
      if (counted > taken) spent += counted - taken;
    },
    get spent() {
      return spent;
    },
  };
}
