/** `s3-put.ts KEY OPTIONS`: one worker's put of a large stream, for tests that kill it. */
import { s3Store, type S3StoreOptions } from '../../src/results/s3/index.js';
import { JSON_TYPE, LARGE, stream } from './s3-bodies.js';

const [, , key = '', options = ''] = process.argv;
await s3Store(JSON.parse(options) as S3StoreOptions).put(key, stream(LARGE), JSON_TYPE);
