import test from 'ava';
import { describeService, rootException, servicesOf } from '../../../src/rehearse/services.ts';
import { parseRehearsalEvent } from '../../../src/runtime/rehearsal-events.ts';

test('a name that was looked up and then connected to is one service with its port', (t) => {
  const services = servicesOf([
    { event: 'looked-up', host: 'db.internal' },
    { event: 'refused', host: 'db.internal', port: 5432 },
    { event: 'refused', host: '10.0.0.7', port: 6379 },
    { event: 'looked-up', host: 'config' },
    { event: 'looked-up', host: 'rehearsal' },
  ]);
  t.deepEqual(services.map(describeService), ['db.internal:5432', '10.0.0.7:6379', 'config']);
});

test('only whole events are taken for events', (t) => {
  t.deepEqual(parseRehearsalEvent('{"event":"refused","host":"db","port":5432}'), { event: 'refused', host: 'db', port: 5432 });
  t.deepEqual(parseRehearsalEvent('{"event":"not-spring"}'), { event: 'not-spring' });
  for (const line of ['{"event":"order","id":7}', '{"event":', 'refused', '{"event":"refused","host":"db"}']) {
    t.is(parseRehearsalEvent(line), undefined);
  }
});

test('the exception at the root is the last one that tells of a network', (t) => {
  const log = [
    '2026-01-01 ERROR o.s.boot.SpringApplication : Application run failed',
    "org.springframework.beans.factory.BeanCreationException: Error creating bean with name 'pool'",
    '\tat org.springframework.beans.Factory.create(Factory.java:1)',
    'Caused by: org.postgresql.util.PSQLException: The connection attempt failed.',
    'Caused by: java.net.ConnectException: Connection refused',
    '\t... 40 more',
    'java.lang.IllegalStateException: stopped twice',
  ];
  t.deepEqual(rootException(log), { class: 'java.net.ConnectException', message: 'Connection refused' });
  t.deepEqual(rootException(['Exception in thread "main" java.lang.IllegalStateException']), {
    class: 'java.lang.IllegalStateException',
    message: '',
  });
  t.is(rootException(['all is well', 'Exceptional service at example.com: yes']), null);
});
