// Restore images on another host: other kernel, cgroups, CPU and clock, AppArmor's default profile. The plain JDK server, for an emulated processor is slow.

import { release } from 'node:os';
import test from 'ava';
import type { BakeReport } from '../../src/report/report.ts';
import { bakeWell } from '../docker/support/cli.ts';
import { docker, helperImages, leastWith, runRestored, TEST_LABEL, untilAnswers } from '../docker/support/engine.ts';
import { type Guest, PORTS } from './support/guest.ts';
import { CLI, inGuest, PROFILE, say } from './support/session.ts';

const APP = 'crac-bake-test/plain-http:nonroot';
const named = (what: string) => `crac-bake-it/vm:${what}`;
const WARMUP = ['--warmup-request', '/', '--warmup-count', '20'];

/** No part of what is tested: an emulated processor is 50 times slower. */
const SLOW = { deadlineMs: 240_000, answerMs: 60_000 };
const PATIENCE = [
  ...['--ready-timeout', '5m', '--warmup-timeout', '5m', '--hooks-timeout', '3m', '--checkpoint-timeout', '5m'],
  ...['--restore-timeout', '2m', '--prove-timeout', '5m', '--engine-timeout', '5m'],
];
const BAKE_DEADLINE_MS = 900_000;
/** The helper image is named after its base: with the same one the guest has it already. */
const BASE = process.env.CRAC_BAKE_CRIU_BASE === undefined ? [] : ['--criu-base', process.env.CRAC_BAKE_CRIU_BASE];

interface Info {
  readonly pid: number;
  readonly jvmStartTime: number;
  readonly counter: number;
  readonly CapEff: string;
}

test.after.always(async () => {
  await docker('rmi', '--force', ...['default', 'generic', 'native', 'guest'].map(named));
});

/** Starts a restore image in the guest; the flags are those of a deployment, the deadline that of a slow machine. */
async function runInGuest(guest: Guest, image: string, port: number, restore: 'require' | 'auto') {
  const switches = ['--env', `CRAC_INIT_RESTORE=${restore}`, '--env', 'CRAC_INIT_LOG=1', '--env', 'CRAC_INIT_DEADLINE=120000'];
  const flags = ['--label', TEST_LABEL, '--publish', `${port}:8080`, ...leastWith(PROFILE), ...switches];
  const id = await guest.docker('run', '--detach', ...flags, image);
  const container = { url: await guest.url(port), logs: () => guest.docker('logs', id) };
  return {
    ...container,
    info: async () => JSON.parse(await untilAnswers(container, '/info', SLOW)) as Info,
    /** Whether the app's timer, of 100 ms, fires. */
    ticks: async () => {
      const count = async () => (JSON.parse(await untilAnswers(container, '/tick', SLOW)) as { count: number }).count;
      const [first, end] = [await count(), performance.now() + SLOW.deadlineMs];
      while (performance.now() < end) if ((await count()) > first) return true;
      return false;
    },
    exec: (...words: string[]) => guest.docker('exec', id, ...words),
    wait: async () => Number(await guest.docker('wait', id)),
    remove: () => guest.docker('rm', '--force', id),
  };
}

/** PID and start time of the JVM in an image, from a restore on this machine. */
async function restoredHere(image: string): Promise<Info> {
  const container = await runRestored(image);
  try {
    return JSON.parse(await untilAnswers(container, '/info')) as Info;
  } finally {
    await container.remove();
  }
}

const out = async (guest: Guest, ...words: string[]) => (await guest.run(words)).stdout.trim();

async function cpuFlags(guest: Guest): Promise<readonly string[]> {
  const line = await out(guest, 'grep', '--max-count=1', '^flags', '/proc/cpuinfo');
  return line.split(/\s+/);
}

test('an image baked here with the default CPU baseline restores in a guest, just booted, with another kernel, another CPU and AppArmor; one baked there restores here', async (t) => {
  const baked = await bakeWell(['--image', APP, '--tag', named('default'), ...WARMUP]);
  const here = await restoredHere(named('default'));
  let there: BakeReport | undefined;
  await inGuest(
    t,
    { cpu: 'EPYC-Rome', images: [APP, named('default'), ...(await helperImages())], results: [named('guest')] },
    async (t, guest) => {
      t.not(await out(guest, 'uname', '--kernel-release'), release());
      t.false((await cpuFlags(guest)).some((flag) => flag.startsWith('avx512')));
      t.true((await cpuFlags(guest)).includes('avx2'));
      const start = performance.now();
      const container = await runInGuest(guest, named('default'), PORTS[0], 'require');
      const info = await container.info();
      say(
        t,
        `restored and answered in the guest after ${((performance.now() - start) / 1000).toFixed(1)} s: ${outcomeOf(await container.logs())}`,
      );
      t.deepEqual([info.pid, info.jvmStartTime], [here.pid, here.jvmStartTime], 'both go on from one start of a JVM');
      t.is(info.pid, baked.checkpoint?.pid ?? 0);
      t.true(info.counter >= 20, `the counter goes on: ${info.counter}`);
      t.is(info.CapEff, '0000000000000000');
      t.is(await container.exec('cat', `/proc/${info.pid}/attr/current`), 'docker-default (enforce)');
      t.true(await container.ticks(), 'timers go on, though this clock is far behind that of the bake');
      await container.remove();

      const bakeStart = performance.now();
      const args = ['--image', APP, '--tag', named('guest'), '--warmup-request', '/', '--warmup-count', '5', ...BASE, ...PATIENCE];
      const { stdout } = await guest.run(['node', CLI, 'bake', '--json', ...args], BAKE_DEADLINE_MS);
      there = JSON.parse(stdout) as BakeReport;
      say(
        t,
        `baked in the guest in ${((performance.now() - bakeStart) / 1000).toFixed(0)} s, on Node ${await out(guest, 'node', '--version')}`,
      );
      t.is(there.outcome, 'baked');
    },
    async (t) => {
      const info = await restoredHere(named('guest'));
      t.is(info.pid, there?.checkpoint?.pid ?? 0);
      t.true(info.counter >= 5, `the counter goes on: ${info.counter}`);
      t.is(info.CapEff, '0000000000000000');
    },
  );
});

test('under a CPU without AVX2 an image for every CPU restores and serves; a native one is refused by the gate before criu runs, and starts normally', async (t) => {
  await bakeWell(['--image', APP, '--tag', named('generic'), '--cpu', 'generic', ...WARMUP]);
  await bakeWell(['--image', APP, '--tag', named('native'), '--cpu', 'native', ...WARMUP]);
  const [generic, native] = [await restoredHere(named('generic')), await restoredHere(named('native'))];
  await inGuest(t, { cpu: 'SandyBridge', images: [named('generic'), named('native')] }, async (t, guest) => {
    const flags = await cpuFlags(guest);
    t.true(flags.includes('xsave'));
    t.false(flags.some((flag) => /^avx(2|512)/.test(flag)));

    const serving = await runInGuest(guest, named('generic'), PORTS[0], 'require');
    const info = await serving.info();
    t.deepEqual([info.pid, info.jvmStartTime], [generic.pid, generic.jvmStartTime]);
    for (let i = 1; i <= 20; i++) await untilAnswers(serving, '/', SLOW);
    t.is((await serving.info()).counter, info.counter + 20, 'it serves');
    say(t, `generic: ${outcomeOf(await serving.logs())}`);
    await serving.remove();

    const refused = await runInGuest(guest, named('native'), PORTS[1], 'require');
    t.is(await refused.wait(), 80);
    const refusal = await refused.logs();
    t.regex(refusal, /^crac-init: not restored \(cpu\): this CPU lacks .*avx2/m);
    t.notRegex(refusal, /criu/i);
    say(t, `native: ${outcomeOf(refusal)}`);
    await refused.remove();

    const started = await runInGuest(guest, named('native'), PORTS[2], 'auto');
    t.true((await started.info()).jvmStartTime > native.jvmStartTime, 'the JVM is new');
    t.regex(await started.logs(), /^crac-init: not restored \(cpu\): .*; starting normally$/m);
    await started.remove();
  });
});

/** What crac-init says of the outcome. */
const outcomeOf = (log: string) => log.split('\n').find((line) => /^crac-init: (not )?restored/.test(line)) ?? log;
