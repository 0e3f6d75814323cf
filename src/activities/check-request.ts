import type { OperationRequest } from '../jobs/activities.js';
import type { FailureContext } from '../jobs/failures.js';
import type { Provider } from '../providers/provider.js';
import { documentFailure } from './failures.js';
import { checkSchema } from './validate-data.js';

/** Refuses what the vendor could only refuse, or what we could not check afterwards, before anything is sent. @throws DocumentInputInvalid */
export function checkRequest(provider: Provider, request: OperationRequest, about: FailureContext): void {
  const problem = problemOf(provider, request);
  if (problem === null) return;
  throw documentFailure('DocumentInputInvalid', `${problem.field}: ${problem.reason}. Correct it: nothing was sent.`, {
    ...about,
    ...problem,
  });
}

function problemOf(provider: Provider, request: OperationRequest): { field: string; reason: string } | null {
  const { operation, schema } = request;
  if (!provider.operations.includes(operation)) {
    const reason = `${provider.name} has no operation "${operation}"; it has: ${provider.operations.join(', ')}`;
    return { field: 'operation', reason };
  }
  const own = provider.check(request);
  if (own !== null || schema === undefined) return own;
  const fault = checkSchema(schema);
  return fault === null ? null : { field: 'schema', reason: `values can't be checked against it: ${fault}` };
}
