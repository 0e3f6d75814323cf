import { setTimeout } from 'node:timers/promises';

/** Waits for something that happens in another process, looking every 50 ms. @throws after `limitMs`, naming `what`. */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  what: string,
  limitMs = 30_000,
): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited ${limitMs} ms in vain until ${what}`);
    await setTimeout(50);
  }
}
