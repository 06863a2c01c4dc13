// The engine itself lacks what a bake needs.

import { fails, type Scenario } from './support/scenario.ts';

export const HELD_BACK: Scenario = {
  row: 20,
  title: 'the engine runs in a container without CHECKPOINT_RESTORE',
  ...fails('missing-capability'),
  failure: 'docker-caps-not-held',
  tells: /The engine cannot give a container the capability CHECKPOINT_RESTORE/,
};
