import { AsyncResource } from 'node:async_hooks';
import type { AccountRef } from '../../jobs/activities.js';
import type { Clock } from '../clock.js';
import { createSharedReader, type Joining, type SharedReader } from './shared-reader.js';
import type { Turns } from './turns.js';

/** The readers of a worker's accounts. */
export interface SharedReads {
  /** @returns null when windows of this worker read by themselves. */
  join(joining: Joining): Promise<Turns | null>;
}

export interface SharedReadsOptions {
  clock: Clock;
  /** Whether windows share anything. */
  enabled: boolean;
}

export function createSharedReads({ clock, enabled }: SharedReadsOptions): SharedReads {
  const readers = new Map<string, SharedReader>();
  // What runs for all windows runs in none of their contexts.
  const nobody = new AsyncResource('DocumentSharedReads');
  const readerOf = ({ provider, account }: AccountRef): SharedReader => {
    const name = `${provider}/${account}`;
    const reader = readers.get(name) ?? createSharedReader(clock, (work) => nobody.runInAsyncScope(work));
    readers.set(name, reader);
    return reader;
  };
  return {
    join: async (joining) => (enabled ? readerOf(joining.job).join(joining) : null),
  };
}
