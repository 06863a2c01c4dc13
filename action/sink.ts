// The job's log.

import * as core from '@actions/core';
import type { LogSink } from './log.ts';

export const sink: LogSink = {
  line: core.info,
  group: (title, lines) => {
    core.startGroup(title);
    for (const line of lines) core.info(line);
    core.endGroup();
  },
};
