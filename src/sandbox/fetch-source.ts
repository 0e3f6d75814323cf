const TIMEOUT_MS = 30_000;

/** What came of fetching a document's URL. `status` is the other server's, null when there was no answer. */
export type FetchedSource = { bytes: Uint8Array } | { status: number | null };

/** Fetches a document as a vendor would. Loopback addresses are fine: the sandbox runs where its user does. */
export async function fetchSource(url: string, closing: AbortSignal): Promise<FetchedSource> {
  try {
    const response = await fetch(url, { signal: AbortSignal.any([closing, AbortSignal.timeout(TIMEOUT_MS)]) });
    if (response.ok) return { bytes: new Uint8Array(await response.arrayBuffer()) };
    await response.body?.cancel();
    return { status: response.status };
  } catch {
    return { status: null };
  }
}
