import { setTimeout as delay } from 'node:timers/promises';

/** Resolves at SIGINT or SIGTERM. */
export function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve());
  });
}

/** Resolves when what `look` returns has not changed for so long, ms. */
export async function untilIdle(look: () => string, idleMs: number): Promise<void> {
  const stepMs = Math.min(60_000, idleMs / 4);
  let last = look();
  for (let since = Date.now(); Date.now() - since < idleMs;) {
    await delay(stepMs);
    const now = look();
    if (now === last) continue;
    last = now;
    since = Date.now();
  }
}
