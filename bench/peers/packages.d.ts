// The little that is used of packages which are installed when the bench first runs: the rest of the repository is checked without them.

declare module '@dbos-inc/dbos-sdk' {
  interface StepConfig {
    name: string;
    /** Default false. */
    retriesAllowed?: boolean;
    intervalSeconds?: number;
    maxAttempts?: number;
    backoffRate?: number;
  }
  export const DBOS: {
    setConfig(config: {
      name: string;
      applicationVersion: string;
      executorID: string;
      systemDatabaseUrl: string;
      systemDatabasePoolSize: number;
      logLevel: string;
    }): void;
    launch(): Promise<void>;
    registerQueue(name: string, options: { workerConcurrency: number }): Promise<unknown>;
    registerWorkflow<F extends (...args: never[]) => Promise<unknown>>(workflow: F, options: { name: string }): F;
    runStep<T>(step: () => Promise<T>, config: StepConfig): Promise<T>;
    sleep(durationMs: number): Promise<void>;
  };
  export class DBOSClient {
    static create(options: {
      systemDatabaseUrl: string;
      applicationName: string;
      logger: Record<'info' | 'debug' | 'warn' | 'error', () => void>;
    }): Promise<DBOSClient>;
    enqueue(
      options: { workflowName: string; queueName: string; workflowID: string },
      ...args: unknown[]
    ): Promise<unknown>;
    listWorkflows(options: { status: string[]; loadInput: boolean; loadOutput: boolean }): Promise<
      {
        workflowID: string;
        status: string;
        /** ms since the epoch. */
        completedAt?: number;
        output?: unknown;
      }[]
    >;
    destroy(): Promise<void>;
  }
}

declare module '@restatedev/restate-sdk' {
  export interface WorkflowContext {
    readonly key: string;
    run<T>(name: string, action: () => Promise<T>, options?: { maxRetryAttempts?: number }): Promise<T>;
    sleep(durationMs: number): Promise<void>;
  }
  interface WorkflowOptions {
    inactivityTimeout?: { minutes: number };
    abortTimeout?: { minutes: number };
  }
  export function workflow(definition: {
    name: string;
    handlers: { run(context: WorkflowContext, input: string): Promise<unknown> };
    options?: WorkflowOptions;
  }): object;
  export function serve(options: { services: object[]; port: number }): Promise<number>;
}

declare module 'pg' {
  export class Pool {
    constructor(options: { connectionString: string; max: number });
    query<Row>(sql: string, values?: unknown[]): Promise<{ rows: Row[] }>;
    /** Told of connections that broke while idle. */
    on(event: 'error', listener: () => void): void;
    end(): Promise<void>;
  }
}
