/**
 * Bucket bounds of our histograms, ms (`document_jobs_credits`: credits), for `histogramBucketOverrides` of the worker's `Runtime`, with the Prometheus
 * exporter and with OpenTelemetry's. The SDK's own end at 10 s, and most jobs take longer; durations here go up to 12 hours, waits up to 10 minutes.
 */
export const documentMetricBuckets: Record<string, number[]> = {
  document_jobs_vendor_time: seconds(1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 43_200),
  document_jobs_duration_error: seconds(0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600),
  document_jobs_wait_lag: seconds(0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600),
  document_jobs_uncopied_age: seconds(1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 14_400, 43_200),
  document_jobs_admission_wait: seconds(0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600),
  document_jobs_credits: [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000],
};

function seconds(...bounds: number[]): number[] {
  return bounds.map((bound) => bound * 1_000);
}
