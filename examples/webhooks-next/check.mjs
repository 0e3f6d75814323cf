// Run by `npm run examples -- webhooks-next`.
import { checkWebhooks } from '../../scripts/examples/check-webhooks.ts';
import { withPackedCopy } from '../../scripts/examples/packed-copy.ts';
import { mustRun } from '../../scripts/examples/run-command.ts';

await withPackedCopy(import.meta.dirname, async (folder) => {
  await mustRun(['npm', 'run', 'build'], { cwd: folder, env: { NEXT_TELEMETRY_DISABLED: '1' } }, 5 * 60_000);
  await checkWebhooks({
    folder,
    path: '/api/documents',
    command: (port) => ['npm', 'start', '--', '--port', String(port), '--hostname', '127.0.0.1'],
  });
});
