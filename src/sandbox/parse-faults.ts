import { faultRules, type FaultRule } from './fault-rules.js';

/**
 * Checks a fault script.
 * @throws Error of one line with the place and what is expected there: `faults[0].do.status: …`
 */
export function parseFaults(json: unknown): FaultRule[] {
  const checked = faultRules.safeParse(json);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  const path = (issue?.path ?? []).map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`));
  throw new Error(`faults${path.join('')}: ${issue?.message ?? 'wrong shape'}`);
}
