// Plain JavaScript: Node loads this file for the client and the worker, and Temporal's bundler loads it into the workflow sandbox.
import { DefaultFailureConverter } from '@temporalio/common';

/** Failure messages and stack traces become payloads, which the codec encrypts. Without this they stay readable on the server. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
