import { vendorKind } from '../test/faults/cell/kinds.js';
import { startHttpProxy, type HttpProxy } from '../test/support/http-proxy.js';
import type { Gate } from '../test/support/gate.js';

/** A call that arrived at the vendor. */
export interface VendorCall {
  /** `submit`, `get`, `list`, `cancel` … */
  kind: string;
  vendor: string;
  /** Of a submit: that its reply names. */
  jobId: string | null;
  /** When it arrived, ms since the epoch. */
  at: number;
  /** When its answer was there; null = none came. */
  answeredAt: number | null;
  answer: 'good' | 'rate limited' | 'bad';
}

export interface VendorLog extends HttpProxy {
  /** In the order of their arrival. */
  calls: VendorCall[];
}

/** Passes every call on to the sandbox and writes it down. @param before waited for when a call has arrived, before it is passed on. */
export async function logVendor(
  sandboxUrl: string,
  before: (kind: string) => unknown = () => undefined,
): Promise<VendorLog> {
  const calls: VendorCall[] = [];
  const open: { call: VendorCall; text: string }[] = [];
  const note: Gate = async ({ kind, phase, text }) => {
    if (phase === 'request') {
      const [, vendor = '', jobId = null] = /^\S+ \/([a-z]+)(?:\/(?:job|cancel)\/([^/?\s]+))?/.exec(text) ?? [];
      const call: VendorCall = { kind, vendor, jobId, at: Date.now(), answeredAt: null, answer: 'bad' };
      calls.push(call);
      open.push({ call, text });
      await before(kind);
    } else if (phase === 'reply') {
      const index = open.findIndex((one) => one.call.kind === kind && text.startsWith(one.text));
      const [found] = index < 0 ? [] : open.splice(index, 1);
      if (found !== undefined) noteReply(found.call, text.slice(found.text.length));
    }
    return 'pass' as const;
  };
  const proxy = await startHttpProxy(sandboxUrl, vendorKind, note);
  return { ...proxy, calls };
}

function noteReply(call: VendorCall, reply: string): void {
  call.answeredAt = Date.now();
  call.answer = /rate limit exceeded/i.test(reply) ? 'rate limited' : /502 Bad Gateway/.test(reply) ? 'bad' : 'good';
  if (call.kind === 'submit') call.jobId = /"job_id":\s*"([^"]+)"/.exec(reply)?.[1] ?? null;
}
