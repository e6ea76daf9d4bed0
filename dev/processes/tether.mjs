// Loaded before the entry of each process of the local stack. When the supervisor is gone, the channel to it closes and this
// process sends itself SIGTERM. Even a supervisor killed by SIGKILL leaves no worker running.
// Plain JavaScript, because Node also loads it in the process's threads, where nothing translates TypeScript.
const GRACE_MS = 20_000;

if (process.channel) {
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), GRACE_MS).unref();
  });
  // The channel alone must not keep the process alive after its work is done.
  process.channel.unref();
}
