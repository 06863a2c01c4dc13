/** Works through the items two at a time. After a failure nothing new begins, and what runs is waited for before it is thrown. */
export async function eachOfTwo(items, work) {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      try {
        await work(item);
      } catch (error) {
        queue.length = 0;
        throw error;
      }
    }
  };
  await allDone([worker(), worker()]);
}

/** Like Promise.all, but the failure is thrown when all have ended: nothing goes on behind an error message. */
export async function allDone(promises) {
  const results = await Promise.allSettled(promises);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  return results.map((result) => result.value);
}
