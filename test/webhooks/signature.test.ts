import { createHmac, randomBytes } from 'node:crypto';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { describe, expect, it } from 'vitest';
import { checkSignature, signatureHeaders, WINDOW_S } from '../../src/webhooks/verify/check-signature.js';
import { sameText } from '../../src/webhooks/verify/same-text.js';
import { signingKey } from '../../src/webhooks/verify/signing-key.js';
import { newSecret, VECTOR } from './sender.js';

const AT = VECTOR.timestamp * 1_000;

interface Message {
  id: string;
  timestamp: string;
  signature: string;
  body: string;
}
const ours: Message = { ...VECTOR, timestamp: String(VECTOR.timestamp) };

function check(
  { id, timestamp, signature, body }: Message,
  secrets = [VECTOR.secret],
  at = AT,
  family = 'svix',
): string {
  const given = new Map([
    [`${family}-id`, id],
    [`${family}-timestamp`, timestamp],
    [`${family}-signature`, signature],
  ]);
  const headers = signatureHeaders({ get: (name) => given.get(name) ?? null });
  return headers === null ? 'no-signature' : checkSignature(headers, body, secrets.map(signingKey), at);
}

describe('the vector of the vendor sheet', () => {
  it('is signed and accepted, in both families of headers', () => {
    expect(signingKey(VECTOR.secret).sign(VECTOR.id, VECTOR.timestamp, VECTOR.body)).toBe(VECTOR.signature);
    expect(check(ours)).toBe('good');
    expect(check(ours, [VECTOR.secret], AT, 'webhook')).toBe('good');
  });

  it.each(['id', 'timestamp', 'signature', 'body'] as const)(
    'is refused with any single bit of its %s changed',
    (part) => {
      const bytes = Buffer.from(ours[part]);
      const accepted: string[] = [];
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const changed = Buffer.from(bytes);
        changed[bit >> 3]! ^= 1 << (bit & 7);
        if (check({ ...ours, [part]: changed.toString('latin1') }) === 'good')
          accepted.push(changed.toString('latin1'));
      }
      expect(accepted).toEqual([]);
    },
  );

  it('is refused with any single bit of the secret changed', () => {
    const key = Buffer.from(VECTOR.secret.slice(6), 'base64');
    for (let bit = 0; bit < key.length * 8; bit += 1) {
      const changed = Buffer.from(key);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(check(ours, [`whsec_${changed.toString('base64')}`])).toBe('bad-signature');
    }
  });
});

/** Bodies with all that text may hold. */
function someMessage(index: number): { secret: string; id: string; at: number; body: string } {
  const words = ['', 'ü', '漢字', '🧾', '\u0000', '\ufeff', '\ufffd', '"', '\\', '\n', 'x'.repeat(index * 7)];
  return {
    secret: `whsec_${randomBytes(24 + (index % 41)).toString('base64')}`,
    id: `msg_${randomBytes(1 + (index % 20)).toString('base64url')}`,
    at: Math.floor(Date.now() / 1_000) + (index % 500) - 250,
    body: JSON.stringify({ job_id: String(index), metadata: words.slice(index % words.length) }),
  };
}

describe('200 generated messages', () => {
  const messages = Array.from({ length: 200 }, (_, index) => someMessage(index));

  it.each([
    ['svix', SvixWebhook, 'svix'],
    ['standardwebhooks', StandardWebhook, 'webhook'],
  ] as const)('of the package %s are accepted here, and ours there', (_name, Package, family) => {
    for (const { secret, id, at, body } of messages) {
      const theirs = new Package(secret).sign(id, new Date(at * 1_000), body);
      expect(check({ id, timestamp: String(at), signature: theirs, body }, [secret], Date.now(), family)).toBe('good');
      const signature = signingKey(secret).sign(id, at, body);
      const headers = { [`${family}-id`]: id, [`${family}-timestamp`]: String(at), [`${family}-signature`]: signature };
      expect(new Package(secret).verify(body, headers)).toEqual(JSON.parse(body));
      // And by the letter of the scheme.
      const mac = createHmac('sha256', Buffer.from(secret.slice(6), 'base64')).update(`${id}.${at}.${body}`);
      expect(signature).toBe(`v1,${mac.digest('base64')}`);
    }
  });
});

describe('rotation and lists of signatures', () => {
  const other = newSecret();
  const byOther = signingKey(other).sign(VECTOR.id, VECTOR.timestamp, VECTOR.body);

  it('any of two secrets fits', () => {
    expect(check(ours, [other, VECTOR.secret])).toBe('good');
    expect(check({ ...ours, signature: byOther }, [other, VECTOR.secret])).toBe('good');
    expect(check(ours, [other])).toBe('bad-signature');
  });

  it('any of several signatures fits, of version 1 only', () => {
    expect(check({ ...ours, signature: `v1,AAAA ${byOther} ${VECTOR.signature}` })).toBe('good');
    expect(check({ ...ours, signature: `${byOther} v2,${VECTOR.signature.slice(3)}` })).toBe('bad-signature');
    expect(check({ ...ours, signature: VECTOR.signature.slice(3) })).toBe('bad-signature');
  });

  it('a list without end is not looked through', () => {
    expect(check({ ...ours, signature: `${'v1,a '.repeat(16)}${VECTOR.signature}` })).toBe('no-signature');
    expect(check({ ...ours, signature: `${' '.repeat(5_000)}${VECTOR.signature}` })).toBe('no-signature');
  });
});

describe('the window', () => {
  it.each([
    [-WINDOW_S - 1, 'old-timestamp'],
    [-WINDOW_S, 'good'],
    [0, 'good'],
    [WINDOW_S, 'good'],
    [WINDOW_S + 1, 'old-timestamp'],
  ])('our clock %i s after the message: %s', (seconds, verdict) => {
    expect(check(ours, [VECTOR.secret], AT + seconds * 1_000)).toBe(verdict);
    const expectation = verdict === 'good' ? 'good' : 'old-timestamp';
    expect(check(ours, [VECTOR.secret], AT + seconds * 1_000 + 999)).toBe(expectation);
  });

  it.each([
    '',
    ' 1795460000',
    '1795460000 ',
    '01795460000',
    '1795460000.0',
    '1.79546e9',
    '+1795460000',
    '0x6b',
    'NaN',
    '-1',
  ])('a timestamp written as %j is none', (timestamp) => expect(check({ ...ours, timestamp })).toBe('no-signature'));
});

describe('headers', () => {
  it('of the two families are never mixed', () => {
    const given = new Map([
      ['svix-id', ours.id],
      ['webhook-timestamp', ours.timestamp],
      ['svix-signature', ours.signature],
    ]);
    expect(signatureHeaders({ get: (name) => given.get(name) ?? null })).toBeNull();
  });

  it('need all three, and an id of visible characters', () => {
    expect(check({ ...ours, signature: ' ' })).toBe('no-signature');
    expect(check({ ...ours, id: '' })).toBe('no-signature');
    expect(check({ ...ours, id: 'a b' })).toBe('no-signature');
    expect(check({ ...ours, id: 'x'.repeat(257) })).toBe('no-signature');
  });
});

describe('secrets', () => {
  it('have their prefix or not', () => {
    expect(check(ours, [VECTOR.secret.slice(6)])).toBe('good');
    expect(check(ours, [` ${VECTOR.secret}\n`])).toBe('good');
  });

  it.each(['', 'whsec_', 'whsec_c2hvcnQ=', 'canary-is-no-base64!', `whsec_${'canary'.repeat(8)}=x`])(
    '%j is refused, and not repeated',
    (secret) => {
      expect(() => signingKey(secret)).toThrow(TypeError);
      expect(() => signingKey(secret)).toThrow(/^(?!.*canary).*at least 16 bytes$/);
    },
  );
});

describe('comparing', () => {
  it('tells what ===  tells', () => {
    for (const [a, b] of [
      ['', ''],
      ['a', 'a'],
      ['a', 'b'],
      ['', 'a'],
      ['a', ''],
      ['ab', 'a'],
      ['a', 'ab'],
      ['ab', 'ba'],
      ['\0', ''],
    ]) {
      expect(sameText(a!, b!)).toBe(a === b);
    }
  });

  it.each([
    ['the first character', 'Xbcdefgh'],
    ['the last', 'abcdefgX'],
    ['none', 'abcdefgh'],
    ['all', '????????'],
    ['its length', 'abc'],
    ['its greater length', 'abcdefghijkl'],
  ])('looks at every character when %s is wrong', (_what, text) => {
    const looked: number[] = [];
    sameText({ length: text.length, charCodeAt: (index) => (looked.push(index), text.charCodeAt(index)) }, 'abcdefgh');
    expect(looked).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });
});
