import type { CallContext, JobBody, JobRead, Provider } from '../../src/providers/provider.js';
import type { ResultStore } from '../../src/results/result-store.js';

/** Throws when whoever asks is dead. */
type CheckAlive = () => void;

/** The provider as a process has it that may die at each call: a dead one neither sends anything nor learns what came of it. */
export function mortalProvider(provider: Provider, check: CheckAlive): Provider {
  const mortal = mortalCalls(check);
  const findJob = provider.findJob?.bind(provider);
  return {
    ...provider,
    submit: mortal((...args: Parameters<Provider['submit']>) => provider.submit(...args)),
    cancel: mortal((...args: Parameters<Provider['cancel']>) => provider.cancel(...args)),
    get: mortal(async (...args: Parameters<Provider['get']>) => mortalRead(await provider.get(...args), mortal)),
    ...(findJob !== undefined && { findJob: mortal(findJob) }),
  };
}

function mortalRead(read: JobRead | null, mortal: Mortal): JobRead | null {
  if (read?.body === undefined) return read;
  const { body } = read;
  const mortalBody: JobBody =
    body.kind === 'json'
      ? { ...body, load: mortal((call: CallContext) => body.load(call)) }
      : { ...body, open: mortal((call: CallContext) => body.open(call)) };
  return { ...read, body: mortalBody };
}

/** The same of a store. @param onPut told before and after each write of a result. */
export function mortalStore(
  store: ResultStore,
  check: CheckAlive,
  onPut: (key: string, phase: 'request' | 'reply') => Promise<void>,
): ResultStore {
  const mortal = mortalCalls(check);
  return {
    head: mortal((key: string) => store.head(key)),
    get: mortal(async (key: string) => {
      const bytes = await store.get(key);
      return bytes === null ? null : mortalStream(bytes, check);
    }),
    delete: mortal((key: string) => store.delete(key)),
    put: mortal(async (...args: Parameters<ResultStore['put']>) => {
      await onPut(args[0], 'request');
      check();
      const stored = await store.put(...args);
      await onPut(args[0], 'reply');
      return stored;
    }),
  };
}

/** A dead process reads no further, and learns of no piece that came after its end. */
async function* mortalStream(bytes: AsyncIterable<Uint8Array>, check: CheckAlive): AsyncGenerator<Uint8Array> {
  check();
  for await (const piece of bytes) {
    check();
    yield piece;
    check();
  }
  check();
}

type Mortal = ReturnType<typeof mortalCalls>;

function mortalCalls(check: CheckAlive) {
  return <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      check();
      try {
        return await call(...args);
      } finally {
        check();
      }
    };
}
