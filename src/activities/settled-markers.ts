/**
 * Submits of which this worker knows that every POST so far was certainly not accepted, so that the next look for their job need not
 * wait once more for the vendor's list to catch up. Only saves time: another worker, which knows nothing, waits.
 */
export interface SettledMarkers {
  add(marker: string): void;
  /** Forgets the marker: from here on it may have been posted again. @returns whether it was known. */
  take(marker: string): boolean;
}

const KEPT = 10_000;

export function createSettledMarkers(): SettledMarkers {
  const markers = new Set<string>();
  return {
    add(marker) {
      markers.add(marker);
      const [oldest] = markers;
      if (markers.size > KEPT && oldest !== undefined) markers.delete(oldest);
    },
    take: (marker) => markers.delete(marker),
  };
}
