import { isPortFree } from '../../src/local/free-ports.js';

/** Systems give callers ports from above these. */
const [LOWEST, COUNT] = [20_000, 10_000];

/**
 * A free port that nobody else is given while its server is down: neither another server, nor one of the many callers that try to reach it,
 * which would end up connected with itself.
 */
export async function steadyPort(): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * COUNT);
    if (await isPortFree(port, 0)) return port;
  }
}
