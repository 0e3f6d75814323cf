import { resolve } from 'node:path';
import { Client, Connection, isGrpcServiceError } from '@temporalio/client';
import { loadClientConfigProfile, toClientOptions, type ClientConnectConfig } from '@temporalio/envconfig';
import { defaultStateDir, useEmbeddedServer } from '../local/index.js';
import { messageOf, unreachableError, usageError } from './cli-error.js';

/** The flags that say where Temporal is. */
export interface TemporalFlags {
  address?: string;
  namespace?: string;
  profile?: string;
  state?: string;
}

/** An open way to Temporal. */
export interface Session {
  client: Client;
  connectionOptions: ClientConnectConfig['connectionOptions'];
  namespace: string;
  stateDir: string;
  /** True for our own server, which has no workers but those of the commands. */
  embedded: boolean;
  close(): Promise<void>;
}

const CONNECT_LIMIT_MS = 8_000;
const GRPC = { notFound: 5, permissionDenied: 7, unauthenticated: 16 } as const;

export const stateDirOf = (flags: TemporalFlags): string => resolve(flags.state ?? defaultStateDir());

/**
 * Connects to the Temporal that flags, environment or `temporal.toml` name, else to the embedded one.
 * @throws exit 4 when it can't be reached, exit 2 for an unknown profile or namespace.
 */
export async function openSession(flags: TemporalFlags, log: (text: string) => void): Promise<Session> {
  const stateDir = stateDirOf(flags);
  const named = namedTemporal(flags);
  if (named !== null) {
    const namespace = named.namespace ?? 'default';
    const client = await connect(named.connectionOptions, namespace);
    const { connectionOptions } = named;
    return { client, connectionOptions, namespace, stateDir, embedded: false, close: () => client.connection.close() };
  }
  const server = await useEmbeddedServer({ stateDir, log }).catch((error: unknown) => {
    throw unreachableError(messageOf(error));
  });
  try {
    const { address, namespace } = server;
    const connectionOptions = { address };
    const client = await connect(connectionOptions, namespace);
    return {
      client,
      connectionOptions,
      namespace,
      stateDir,
      embedded: true,
      async close() {
        await client.connection.close();
        await server.release();
      },
    };
  } catch (error) {
    await server.release();
    throw error;
  }
}

/** Null when nothing names a Temporal: then the embedded one is meant. */
export function namedTemporal(flags: TemporalFlags): ClientConnectConfig | null {
  let profile;
  try {
    profile = loadClientConfigProfile(flags.profile === undefined ? {} : { profile: flags.profile });
  } catch (error) {
    throw usageError(`Temporal's configuration can't be read: ${messageOf(error)}`);
  }
  const { address = profile.address, namespace = profile.namespace } = flags;
  const nothing = address === undefined && namespace === undefined && flags.profile === undefined;
  if (nothing && profile.apiKey === undefined && profile.tls === undefined) return null;
  return toClientOptions({
    ...profile,
    address: address ?? 'localhost:7233',
    ...(namespace === undefined ? {} : { namespace }),
  });
}

async function connect(options: ClientConnectConfig['connectionOptions'], namespace: string): Promise<Client> {
  const address = options.address ?? 'localhost:7233';
  let connection: Connection;
  try {
    connection = await Connection.connect({ ...options, address, connectTimeout: CONNECT_LIMIT_MS });
  } catch (error) {
    throw unreachableError(
      `Temporal at ${address} can't be reached (${messageOf(error)}): start it there or name another with --address; with none named, docjobs runs its own`,
    );
  }
  await checkNamespace(connection, address, namespace);
  return new Client({ connection, namespace });
}

async function checkNamespace(connection: Connection, address: string, namespace: string): Promise<void> {
  try {
    await connection.withDeadline(Date.now() + CONNECT_LIMIT_MS, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
  } catch (error) {
    const code: number | undefined = isGrpcServiceError(error) ? error.code : undefined;
    // A key may be allowed to run workflows and not to look at namespaces.
    if (code === GRPC.permissionDenied) return;
    await connection.close();
    if (code === GRPC.notFound)
      throw usageError(`--namespace ${namespace}: Temporal at ${address} has no such namespace`);
    if (code === GRPC.unauthenticated) {
      throw unreachableError(`Temporal at ${address} refuses the key: check TEMPORAL_API_KEY or the profile`);
    }
    throw unreachableError(`Temporal at ${address} does not answer (${messageOf(error)})`);
  }
}
