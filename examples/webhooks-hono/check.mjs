// Run by `npm run examples -- webhooks-hono`.
import { checkWebhooks } from '../../scripts/examples/check-webhooks.ts';
import { withPackedCopy } from '../../scripts/examples/packed-copy.ts';

await withPackedCopy(import.meta.dirname, (folder) =>
  checkWebhooks({ folder, path: '/webhooks', command: (port) => ['env', `PORT=${port}`, 'npm', 'start'] }),
);
