// What the main step hands on to the post step.

export const STATE = { run: 'run', helper: 'helper' } as const;
