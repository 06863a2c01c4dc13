/** A log function that puts the time since its making before each line. */
export function progressLog(stream = process.stderr) {
  const start = Date.now();
  return (line) => stream.write(`set-up: [${((Date.now() - start) / 1000).toFixed(1).padStart(6)} s] ${line}\n`);
}
