package io.github.cracbake.context.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ExecutorQueueTest {
    /** Long enough that it was missed in every run, as long as a worker that has just taken a task counted as idle. */
    private static final long LOOKING = TimeUnit.SECONDS.toNanos(4);

    @Test
    void aTaskThatIsBetweenTheQueueAndItsRunIsNotMissed() throws Exception {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);
        Thread[] load = new Thread[2 * Runtime.getRuntime().availableProcessors()];
        for (int i = 0; i < load.length; i++) {
            load[i] = new Thread(ExecutorQueueTest::spin);
            load[i].setDaemon(true);
            load[i].start();
        }
        try {
            CountDownLatch begun = new CountDownLatch(1);
            executor.scheduleAtFixedRate(begun::countDown, 0, 20, TimeUnit.MICROSECONDS);
            begun.await();
            ExecutorQueue.Access access = new ExecutorQueue.Access();
            Object worker = ((java.util.Set<?>) Reflect.get(executor, "workers")).iterator().next();
            int looks = 0;
            int missed = 0;
            for (long end = System.nanoTime() + LOOKING; System.nanoTime() < end; looks++) {
                ExecutorQueue queue = new ExecutorQueue(access, executor);
                queue.add(worker);
                int[] found = new int[1];
                queue.holding(() -> {
                    try {
                        found[0] = queue.describe().size();
                    } catch (ReflectiveOperationException failure) {
                        throw new IllegalStateException(failure);
                    }
                });
                missed += 1 - found[0];
            }
            assertEquals(0, missed, "of " + looks + " looks");
        } finally {
            executor.shutdownNow();
            for (Thread thread : load) {
                thread.interrupt();
            }
        }
    }

    private static void spin() {
        while (!Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
        }
    }
}
