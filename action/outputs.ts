// The action's outputs, from the report. Set whatever the outcome is; what there is not is empty.

import type { BakeReport } from '../src/report/report.ts';

interface Output {
  readonly help: string;
  readonly value: (report: BakeReport, path: string) => string;
}

const milliseconds = (value: number | null | undefined) => (value === null || value === undefined ? '' : String(Math.round(value)));

export const OUTPUTS = {
  image: { help: 'first tag of the image that was made', value: ({ tags }) => tags[0] ?? '' },
  'image-id': { help: 'id of the restore image on the engine', value: ({ image }) => image?.id ?? '' },
  digest: { help: 'digest in the registry; empty where nothing was pushed', value: ({ digest }) => digest ?? '' },
  outcome: {
    help: 'baked, plain (the app image was tagged unchanged), or what failed: usage, host, build, app-start, readiness, warm-up, checkpoint, assembly, proof, interrupted, bug',
    value: ({ outcome }) => outcome,
  },
  engine: { help: 'how the process was frozen', value: ({ engine }) => engine?.name ?? '' },
  'cold-ms': {
    help: 'first answer of the app image, container start included, in ms',
    value: ({ firstResponse }) => milliseconds(firstResponse?.coldMs),
  },
  'restored-ms': { help: 'the same of the restore image', value: ({ firstResponse }) => milliseconds(firstResponse?.restoredMs) },
  'checkpoint-bytes': { help: 'size of the checkpoint', value: ({ checkpoint }) => (checkpoint === null ? '' : String(checkpoint.bytes)) },
  report: { help: 'path of the report, a JSON document', value: (_, path) => path },
  'restore-flags': {
    help: 'the privileges that the restore image needs, as flags of docker run; the seccomp profile that they name is a file of the action',
    value: ({ runWith }) => runWith?.flags ?? '',
  },
} as const satisfies Record<string, Output>;

export type OutputName = keyof typeof OUTPUTS;

export function outputsOf(report: BakeReport, path: string): Record<OutputName, string> {
  const values = Object.entries<Output>(OUTPUTS).map(([name, { value }]) => [name, value(report, path)]);
  return Object.fromEntries(values) as Record<OutputName, string>;
}
