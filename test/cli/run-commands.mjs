// Command lines one after the other in one process, each by a fresh run of `main.js`: `process.exit` ends the run, and not the process.
// Sends [{ code, stdout, stderr, ms }] to its parent.
const main = new URL('../../dist/cli/main.js', import.meta.url);
const commands = JSON.parse(process.argv[2]);
const { exit } = process;
const written = { stdout: '', stderr: '' };
const ended = Symbol('ended');

for (const name of ['stdout', 'stderr']) {
  // Each run listens to it.
  process[name].setMaxListeners(0);
  process[name].write = (text, encoding, done = encoding) => {
    written[name] += text;
    if (typeof done === 'function') done();
    return true;
  };
}
process.exit = (code = process.exitCode) => {
  process.exitCode = code;
  throw ended;
};

const results = [];
const base = { ...process.env };
for (const [index, { args, env }] of commands.entries()) {
  Object.assign(written, { stdout: '', stderr: '' });
  process.exitCode = undefined;
  process.env = { ...base, ...env };
  process.argv = [process.argv[0], main.pathname, ...args];
  const startedAt = Date.now();
  await import(`${main.href}?run=${index}`).then(
    () => (written.stderr += 'the command did not end its process\n'),
    (error) => {
      if (error !== ended) written.stderr += `${error}\n`;
    },
  );
  results.push({ code: process.exitCode ?? 0, ...written, ms: Date.now() - startedAt });
}
process.send(results, () => exit(0));
