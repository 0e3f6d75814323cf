import { findTemporalBinary } from '../../local/index.js';
import { fromError, ok, skipped, type Verdict, warning } from './check.js';

/** Where the embedded server's binary is. Nothing is downloaded for it. @param needed false when another Temporal is named. */
export async function serverBinary(needed: boolean): Promise<Verdict> {
  if (!needed) return skipped('not needed: Temporal is named');
  let missing = false;
  // Told before a download begins.
  const log = (): never => {
    missing = true;
    throw new Error('not on this machine');
  };
  try {
    return ok(await findTemporalBinary('cli', { log }));
  } catch (error) {
    if (!missing) return fromError(error);
    const mend = 'to do without the download, put "temporal" on the PATH, or its path into TEMPORAL_CLI_PATH';
    return warning('not on this machine: the next command fetches it, about 45 MB', mend);
  }
}
