import test from 'ava';
import { parseDiff } from '../../../src/image/changed-files.ts';

const OURS = '/opt/crac-bake';

test('files that were added, changed and deleted are counted and named, folders on the way to them are not', (t) => {
  const text = ['C /tmp', 'A /tmp/tomcat', 'A /tmp/tomcat/work', 'C /etc', 'C /etc/app.conf', 'D /etc/old', ''].join('\n');
  t.deepEqual(parseDiff(text, OURS), { added: 2, changed: 1, deleted: 1, paths: ['/tmp/tomcat/work', '/etc/app.conf'] });
});

test('our own files are not the app’s', (t) => {
  t.deepEqual(parseDiff('C /opt\nA /opt/crac-bake\nA /opt/crac-bake/context.jar\n', OURS), { added: 0, changed: 0, deleted: 0, paths: [] });
});

test('nothing is changed', (t) => {
  t.deepEqual(parseDiff('', OURS), { added: 0, changed: 0, deleted: 0, paths: [] });
});

test('of many paths the first are named', (t) => {
  const text = Array.from({ length: 500 }, (_, index) => `A /data/${index}`).join('\n');
  const { added, paths } = parseDiff(text, OURS);
  t.is(added, 500);
  t.is(paths.length, 10);
});
