import { z } from 'zod';

/** What the user's contract says; nobody else knows it. */
export const rateCard = z.strictObject({
  /** Credits for a page, per operation. */
  creditsPerPage: z.partialRecord(
    z.enum(['parse', 'extract', 'split', 'pipeline', 'edit', 'classify', 'tables']),
    z.number().nonnegative('expected credits for a page'),
  ),
  pricePerCredit: z.number().nonnegative('expected the price of a credit').optional(),
  currency: z.string().min(1).max(8).default('USD'),
});

export type RateCard = z.infer<typeof rateCard>;

/** @returns null without a price. */
export function priceOf(credits: number | null, card: RateCard | null): { amount: number; currency: string } | null {
  if (credits === null || card?.pricePerCredit === undefined) return null;
  return { amount: Math.round(credits * card.pricePerCredit * 100) / 100, currency: card.currency };
}
