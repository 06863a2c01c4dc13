import test from 'ava';
import type { Baseline } from '../../../src/cpu/baselines.ts';
import { criuEngine } from '../../../src/engines/criu.ts';
import { isRoot, normaliseCapabilities, privilegeFlags } from '../../../src/engines/engine.ts';
import type { OptionName } from '../../../src/spec/options.ts';
import { parseOptions, type RawValue } from '../../../src/spec/values.ts';

const OURS = '-javaagent:/opt/crac-bake/context.jar -XX:-UsePerfData';

const environments: readonly [title: string, given: Partial<Record<OptionName, RawValue>>, image: string[], expected: object][] = [
  ['nothing is set: ours alone', {}, [], { JAVA_TOOL_OPTIONS: OURS }],
  ['the image sets some: ours after them', {}, ['JAVA_TOOL_OPTIONS=-Xmx1g -Da=b'], { JAVA_TOOL_OPTIONS: `-Xmx1g -Da=b ${OURS}` }],
  ['the image’s are empty', {}, ['JAVA_TOOL_OPTIONS='], { JAVA_TOOL_OPTIONS: OURS }],
  [
    'the user’s in place of the image’s',
    { env: 'JAVA_TOOL_OPTIONS=-Xss1m' },
    ['JAVA_TOOL_OPTIONS=-Xmx1g'],
    { JAVA_TOOL_OPTIONS: `-Xss1m ${OURS}` },
  ],
  ['the user empties them', { env: 'JAVA_TOOL_OPTIONS=' }, ['JAVA_TOOL_OPTIONS=-Xmx1g'], { JAVA_TOOL_OPTIONS: OURS }],
  ['a value with an equals sign', {}, ['A=1', 'JAVA_TOOL_OPTIONS=-Da=b=c'], { JAVA_TOOL_OPTIONS: `-Da=b=c ${OURS}` }],
  ['a name that only ends like it', {}, ['MY_JAVA_TOOL_OPTIONS=-Xmx1g'], { JAVA_TOOL_OPTIONS: OURS }],
  ['other variables are handed on', { env: ['A=1', 'B=2'] }, ['C=3'], { A: '1', B: '2', JAVA_TOOL_OPTIONS: OURS }],
  ['on-refresh: Spring is told', { trigger: 'on-refresh' }, [], { JAVA_TOOL_OPTIONS: `${OURS} -Dspring.context.checkpoint=onRefresh` }],
  ['no trigger: no agent, the image’s own stay', { trigger: 'none', env: 'A=1' }, ['JAVA_TOOL_OPTIONS=-Xmx1g'], { A: '1' }],
];

for (const [title, given, image, expected] of environments) {
  test(`the environment at bake: ${title}`, (t) => {
    t.deepEqual(criuEngine.bakeEnvironment(parseOptions(given), image, 'native') as object, expected);
  });
}

const agents: readonly [title: string, given: Partial<Record<OptionName, RawValue>>, baseline: Baseline, expected: string][] = [
  ['nothing to say', {}, 'native', ''],
  ['the JVM is to forget features', {}, 'x86-64-v3', '=hide=serialize+gfni'],
  ['scheduled tasks are left alone', { scheduled: 'keep' }, 'native', '=scheduled=keep'],
  [
    'everything',
    { scheduled: 'keep', heap: 'keep', 'after-restore-timeout': '2s' },
    'generic',
    '=scheduled=keep,memory=keep,after-restore-ms=2000,hide=serialize+gfni+bmi1+bmi2+lzcnt',
  ],
];

for (const [title, given, baseline, expected] of agents) {
  test(`arguments of the agent: ${title}`, (t) => {
    const { JAVA_TOOL_OPTIONS } = criuEngine.bakeEnvironment(parseOptions(given), [], baseline);
    t.is(JAVA_TOOL_OPTIONS?.split(' ')[0], `-javaagent:/opt/crac-bake/context.jar${expected}`);
  });
}

const restores: readonly [title: string, app: string[], sameUser: boolean, expected: string[]][] = [
  ['the container’s own user', [], true, ['CHECKPOINT_RESTORE', 'SETPCAP']],
  ['another user', [], false, ['CHECKPOINT_RESTORE', 'SETPCAP', 'SYS_PTRACE', 'SETUID', 'SETGID']],
  [
    'another user that the app changes to',
    ['SETUID', 'SETGID'],
    false,
    ['CHECKPOINT_RESTORE', 'SETPCAP', 'SYS_PTRACE', 'SETUID', 'SETGID'],
  ],
  ['a capability of the app', ['NET_BIND_SERVICE'], true, ['CHECKPOINT_RESTORE', 'SETPCAP', 'NET_BIND_SERVICE']],
];

for (const [title, app, sameUser, expected] of restores) {
  test(`capabilities of a restore as ${title}`, (t) => {
    t.deepEqual([...criuEngine.restoreCapabilities(app, sameUser)], expected);
  });
}

test('triggers in the runtime’s words', (t) => {
  const words = (['agent', 'on-refresh', 'app', 'none'] as const).map((trigger) => criuEngine.trigger(parseOptions({ trigger })));
  t.deepEqual(
    words.map(([, word]) => word),
    ['agent', 'wait', 'wait', 'none'],
  );
});

for (const [user, root] of [
  ['', true],
  ['0', true],
  ['root', true],
  ['root:root', true],
  ['0:1000', true],
  ['1000', false],
  ['rooty', false],
  ['app:0', false],
  ['00', false],
] as const) {
  test(`USER "${user}" is ${root ? '' : 'not '}root`, (t) => {
    t.is(isRoot(user), root);
  });
}

test('capability names are read in all their spellings, each once, in order', (t) => {
  t.deepEqual(normaliseCapabilities(['cap_setuid', 'CAP_SETGID, SETUID', '', ' sys_time ']), ['SETUID', 'SETGID', 'SYS_TIME']);
});

test('the flags of privileges drop everything first', (t) => {
  t.deepEqual(privilegeFlags({ capabilities: [], seccomp: 'unconfined' }), ['--cap-drop', 'ALL']);
  t.deepEqual(privilegeFlags({ capabilities: ['A', 'B'], seccomp: '/p.json' }), [
    '--cap-drop',
    'ALL',
    '--cap-add',
    'A',
    '--cap-add',
    'B',
    '--security-opt',
    'seccomp=/p.json',
  ]);
});
