import type { UploadRef } from '../../jobs/forget.js';
import type { Provider } from '../../providers/provider.js';
import type { Erasing } from './erase-job.js';
import type { Finding } from './finding.js';

/** Deletes a document that was uploaded. @throws VendorError when the vendor refuses or is in trouble. */
export async function eraseUpload({ signal, now }: Erasing, provider: Provider, upload: UploadRef): Promise<Finding> {
  if (provider.deleteUpload === undefined) {
    const how = provider.leftovers?.how ?? `${provider.name}'s API deletes no uploads: ask ${provider.name}`;
    return { state: 'cannot', how };
  }
  const wasKnown = await provider.deleteUpload(upload.reference, { signal });
  return wasKnown ? { state: 'erased', at: new Date(await now()).toISOString() } : { state: 'absent' };
}
