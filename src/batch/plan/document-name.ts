import { canonicalJson, sha256Of } from '../../client/canonical-json.js';
import { clipped } from '../../jobs/batch-end.js';
import { redact } from '../../providers/redact.js';
import { isUrl } from '../../providers/source-url.js';

/** Longest id that a document may be given. */
export const MAX_ID = 200;

/** Parameters that change with each signing and have no secret in them; dropped only beside one that has. */
const BESIDE_SIGNATURES =
  /^(expires|policy|key-pair-id|googleaccessid|se|st|sp|sv|sr|ss|srt|spr|sip|skoid|sktid|skt|ske|sks|skv|saoid|suoid|scid)$/i;

/**
 * A URL without what its signing adds (S3, Google, Azure and CloudFront, tokens of others): the same for the same document, however often its
 * URL is signed. Anything else comes back as it is.
 */
export function withoutSignature(source: string): string {
  if (!isUrl(source)) return source;
  const [beforeFragment = ''] = source.split('#', 1);
  const at = beforeFragment.indexOf('?');
  if (at === -1) return beforeFragment;
  const parameters = beforeFragment.slice(at + 1).split('&');
  const isSigned = parameters.some(isSecret);
  const kept = parameters.filter((one) => !isSecret(one) && !(isSigned && BESIDE_SIGNATURES.test(nameOf(one))));
  return beforeFragment.slice(0, at) + (kept.length === 0 ? '' : `?${kept.join('&')}`);
}

/**
 * The id under which a document stands in the record. Of a URL no query is shown: what there is besides the signature becomes a short hash, because it may
 * be all that tells two documents apart.
 */
export function publicId(name: string): string {
  const lasting = withoutSignature(name);
  const at = isUrl(lasting) ? lasting.indexOf('?') : -1;
  const id = at === -1 ? lasting : `${lasting.slice(0, at)}#${sha256Of(lasting.slice(at + 1)).slice(0, 12)}`;
  return id.length <= MAX_ID ? id : `${clipped(id, MAX_ID - 17)}#${sha256Of(lasting).slice(0, 16)}`;
}

/**
 * What a document's workflow id is a hash of, besides what is asked. A URL alone is what `docjobs process` takes for it, so that both know each other's work.
 */
export function documentIdentity(row: { id?: string; source: string; version?: string }, force?: string): string {
  const name = withoutSignature(row.id ?? row.source);
  if (row.id === undefined && row.version === undefined && force === undefined) return name;
  return canonicalJson({ id: name, version: row.version, force });
}

const nameOf = (parameter: string): string => parameter.split('=', 1)[0] ?? '';

/** The redactor knows which names these are. */
const isSecret = (parameter: string): boolean => redact(`${decoded(nameOf(parameter))}=value`).endsWith('…');

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
