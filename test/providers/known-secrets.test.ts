import { expect, it } from 'vitest';
import { rememberSecrets } from '../../src/providers/known-secrets.js';
import { redact } from '../../src/providers/redact.js';

it('never repeats what was sent as a secret, whoever says it', () => {
  expect(redact('bad key live-key-1')).toBe('bad key live-key-1');
  rememberSecrets(['live-key-1', 'live-key-1-and-more', 'short']);
  expect(redact('bad key live-key-1 or live-key-1-and-more')).toBe('bad key … or …');
  expect(redact('a short one is a word')).toBe('a short one is a word');
});

it('forgets the one that was not used for longest when there are too many', () => {
  const keys = Array.from({ length: 500 }, (_, index) => `another-key-${String(index).padStart(3, '0')}`);
  rememberSecrets(['first-key-of-all']);
  rememberSecrets(keys.slice(0, 499));
  rememberSecrets(['first-key-of-all']);
  rememberSecrets(keys.slice(499));
  expect(redact('first-key-of-all another-key-000 another-key-499')).toBe('… another-key-000 …');
});
