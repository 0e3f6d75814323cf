/**
 * Workflows run in the thread of the test, still each in its isolate: a thread for them costs as much as a short test, and a test file starts
 * dozens of workers. Whoever tests a process (the command line, crashes, faults) has the worker's own thread.
 */
export const ONE_THREAD = { debugMode: true } as const;
