import { documentJobs, isDocumentFailure } from 'temporal-document-jobs/workflows';

export * from 'temporal-document-jobs/workflows';

/** What a project has of its own: compiled with its TypeScript, run by its Temporal. */
export async function countPages(url: string): Promise<number | string | null> {
  try {
    return (await documentJobs({ provider: 'reducto', deadline: '5 minutes' }).parse(url)).pageCount;
  } catch (error) {
    if (isDocumentFailure(error, 'DocumentJobFailed')) return error.details.jobId;
    throw error;
  }
}
