import { describe, expect, it } from 'vitest';
import { createDevServerEnv, createTimeSkipping } from '../support/temporal.js';

describe('the test servers', () => {
  it('skip time, or are real', async () => {
    const [skipping, real] = await Promise.all([createTimeSkipping(), createDevServerEnv()]);
    try {
      const before = await skipping.currentTimeMs();
      await skipping.sleep('3h');
      expect((await skipping.currentTimeMs()) - before).toBeGreaterThanOrEqual(3 * 3_600_000);
      const info = await real.connection.workflowService.getSystemInfo({});
      expect(info.serverVersion).toMatch(/^1\.\d+/);
    } finally {
      await Promise.all([skipping.teardown(), real.teardown()]);
    }
  });
});
