package io.github.cracbake.context;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class OtherThreadsTest {
    private static final long LONG = 20_000;

    @Test
    void workInSmallPiecesIsAwaited() throws Exception {
        AtomicBoolean atWork = new AtomicBoolean(true);
        Thread worker = start(() -> {
            for (int piece = 0; piece < 20; piece++) {
                spin(TimeUnit.MILLISECONDS.toNanos(2));
                Thread.sleep(20);
            }
            atWork.set(false);
        });
        assertTrue(new OtherThreads().awaitRest(LONG));
        assertFalse(atWork.get());
        worker.join();
    }

    @Test
    void workWithoutEndIsNot() throws Exception {
        Thread worker = start(() -> spin(TimeUnit.SECONDS.toNanos(60)));
        long start = System.nanoTime();
        assertFalse(new OtherThreads().awaitRest(200));
        assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(5));
        worker.interrupt();
        worker.join();
    }

    @Test
    void threadsThatWaitRest() throws Exception {
        Thread[] sleepers = new Thread[20];
        for (int i = 0; i < sleepers.length; i++) {
            sleepers[i] = start(() -> Thread.sleep(LONG));
        }
        assertTrue(new OtherThreads().awaitRest(LONG));
        for (Thread sleeper : sleepers) {
            sleeper.interrupt();
        }
    }

    private static Thread start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        }, "worker (R) of a test");
        thread.start();
        return thread;
    }

    /** For so much of the processor's time, of which a busy machine gives less. */
    private static void spin(long nanos) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        for (long end = threads.getCurrentThreadCpuTime() + nanos; threads.getCurrentThreadCpuTime() < end && !Thread.currentThread().isInterrupted();) {
            Thread.onSpinWait();
        }
    }

    private interface Work {
        void run() throws InterruptedException;
    }
}
