import test from 'ava';
import { rawRedactor, redactor, redactReport, secretValues } from '../../../action/redact.ts';
import { BAKED, FAILED } from './sample.ts';

const options = (env: Record<string, string>, args: Record<string, string> = {}) => ({ env, 'build-args': args });

test('values of env and of secret build arguments are starred, the longest first', (t) => {
  const redact = redactor(options({ A: 'hunter2', B: 'hunter2-and-more' }, { NPM_TOKEN: 'build-it', BASE: 'temurin:21' }));
  t.is(redact('hunter2-and-more hunter2 build-it temurin:21'), '*** *** *** temurin:21');
});

test('switches, small numbers and the shortest values stay readable', (t) => {
  const redact = redactor(options({ A: 'true', B: '8080', C: 'x', D: 'none', E: '' }));
  t.is(redact('true 8080 x none'), 'true 8080 x none');
});

test('a number is hidden where the name says that it is secret', (t) => {
  t.is(redactor(options({ DB_PASSWORD: '123456', PORT: '8080' }))('123456 8080'), '*** 8080');
});

test('each line of a value is one', (t) => {
  const redact = redactor(options({ KEY: '-----BEGIN-----\r\nMIIEvQ\n-----END-----' }));
  t.is(redact('got MIIEvQ.'), 'got ***.');
});

test('the runner is told of values whose names say that they are secret', (t) => {
  const env = {
    DB_PASSWORD: 'hunter2',
    APP_TOKEN: 'abcdef',
    PROFILE: 'staging',
    API_KEY: 'k-123',
    AUTH: 'yes',
    PASSWORD_FILE: 'true',
    AUTHOR: 'somebody',
    DB_PASS: 'p4ss',
  };
  t.deepEqual(secretValues(options(env, { NPM_TOKEN: 'npm_1' })), ['hunter2', 'abcdef', 'k-123', 'p4ss', 'npm_1']);
});

test('inputs that could not be read show names and hide the rest', (t) => {
  const redact = rawRedactor({ env: 'NOT_SET\nMY KEY=hunter2\nMIIEvQibad\n=naked', 'build-args': 'lower' });
  t.is(
    redact('not "NOT_SET", "MY KEY=hunter2", "hunter2", "MIIEvQibad", "=naked", "lower"'),
    'not "NOT_SET", "***", "***", "***", "***", "***"',
  );
});

test('in a report what the app said is redacted; tags, lines to run and codes stay', (t) => {
  const redact = redactor(options({ A: 'shop:1.0-crac', B: 'still waiting', C: 'not-ready', D: 'connection' }));
  const failed = redactReport(FAILED, redact);
  t.like(failed.error, { code: 'not-ready', step: 'ready', details: 'The last answer: *** refused', log: ['Started', '***'] });
  const baked = redactReport({ ...BAKED, warnings: ['saw still waiting'] }, redact);
  t.deepEqual(baked.tags, BAKED.tags);
  t.deepEqual(baked.runWith, BAKED.runWith);
  t.deepEqual(baked.steps, BAKED.steps);
  t.deepEqual(baked.warnings, ['saw ***']);
});
