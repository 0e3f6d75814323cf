import type { KnownDifference } from './differences.js';

const noBody = 'a request without a body has no content type';
const encodedId = 'an id is percent-encoded whole, so that no id can name another path';

/** Where our requests differ from those of the vendors' Python clients, and why. `docs/fidelity.md` says the same. */
export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  { vendor: 'reducto', call: 'delete job', field: 'type', ours: null, theirs: 'application/json', why: noBody },
  { vendor: 'reducto', call: 'delete upload', field: 'type', ours: null, theirs: 'application/json', why: noBody },
  {
    vendor: 'reducto',
    call: 'delete upload',
    field: 'path',
    ours: '/upload/reducto%3A%2F%2Ff.pdf',
    theirs: '/upload/reducto:%2F%2Ff.pdf',
    why: `${encodedId}; to a server the two are the same`,
  },
  {
    vendor: 'pulse',
    call: 'parse',
    field: 'type',
    ours: 'application/json',
    theirs: 'multipart/form-data',
    why: 'a URL needs no form: the reference shows JSON, and the SDK sends a form only since its call takes files too',
  },
  { vendor: 'pulse', call: 'get', field: 'path', ours: '/job/j%2F1', theirs: '/job/j/1', why: encodedId },
];
