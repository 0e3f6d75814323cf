/** How a peer waits for the end of a job once it is nearly time: durable sleeps between reads that are steps each, or one step that reads and sleeps by turns. */
export type Polling = 'durable' | 'step';

/** Told to a peer's worker. */
export interface PeerOrder {
  vendorUrl: string;
  /** How long jobs take, ms. */
  expectedMs: number;
  polling: Polling;
}

export interface DbosOrder extends PeerOrder {
  databaseUrl: string;
}

export interface RestateOrder extends PeerOrder {
  port: number;
}

/** Until the first look. */
export const FIRST_LOOK = 0.8;
export const EVERY_MS = 2_000;

/** Which of the two did better for that peer in a small trial (README), unless the environment says otherwise. */
export function pollingOf(usual: Polling): Polling {
  const wanted = process.env['PEERS_POLLING'];
  if (wanted === undefined || wanted === '') return usual;
  if (wanted === 'durable' || wanted === 'step') return wanted;
  throw new Error(`PEERS_POLLING: expected durable or step, got ${JSON.stringify(wanted)}`);
}
