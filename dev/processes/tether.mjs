// Loaded before the entry of each process of the local stack. When the supervisor is gone, however it ended, the channel
// to it closes and the process ends as if asked to, so that a killed supervisor leaves no worker that works unwatched.
// Plain JavaScript: Node hands it on to the threads of the process too, where nothing translates TypeScript.
const GRACE_MS = 20_000;

if (process.channel) {
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), GRACE_MS).unref();
  });
  // The channel alone must not keep the process alive once its own work is done.
  process.channel.unref();
}
