import { Client, type Connection } from '@temporalio/client';
import { encrypted } from './data-converter.js';
import type { KeyRingSource } from './key-ring.js';

export function createEncryptedClient(connection: Connection, ring: KeyRingSource): Client {
  return new Client({ connection, dataConverter: encrypted(ring) });
}
