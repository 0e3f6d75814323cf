// A user's workflows file, with the package as it is built: one small file, where the sources are dozens of modules with helpers in each.
import { documentJobs, type ParsedDocument } from 'temporal-document-jobs/workflows';

export * from 'temporal-document-jobs/workflows';
export { minimum } from './minimum.js';

export async function parse(source: string): Promise<ParsedDocument> {
  return documentJobs({ provider: 'reducto' }).parse(source);
}
