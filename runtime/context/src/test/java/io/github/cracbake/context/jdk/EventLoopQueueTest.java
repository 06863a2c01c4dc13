package io.github.cracbake.context.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.cracbake.context.restore.Gap;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class EventLoopQueueTest {
    private static final long HOURS = TimeUnit.HOURS.toNanos(3);

    @Test
    void aTaskThatIsDueBehindTheHoldingOneIsMovedToo() throws Exception {
        SteppedLoop loop = new SteppedLoop();
        AtomicInteger runs = new AtomicInteger();
        long due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500);
        loop.scheduleAtFixedRate(runs::incrementAndGet, 500, 3_600_000, TimeUnit.MILLISECONDS);
        loop.step();
        EventLoopQueue queue = new EventLoopQueue(loop.thread(), loop);
        held(queue, loop, () -> assertEquals(1, queue.describe().size()));
        while (System.nanoTime() <= due) {
            Thread.sleep(10);
        }
        held(queue, loop, () -> assertEquals(1, queue.shift(new Gap(HOURS, HOURS / 1_000_000))));
        loop.step();
        assertEquals(0, runs.get());
        loop.shutdown();
    }

    @Test
    void aLoopThatIsBusyIsLeftAlone() throws Exception {
        SteppedLoop loop = new SteppedLoop();
        loop.execute(() -> { });
        loop.step();
        EventLoopQueue queue = new EventLoopQueue(loop.thread(), loop);
        queue.holding(() -> assertEquals("the thread " + loop.thread().getName() + " is busy",
                assertThrows(IllegalStateException.class, queue::describe).getMessage()));
        loop.shutdown();
    }

    @Test
    void aLoopThatWasShutDownHasNoTasks() throws Exception {
        SteppedLoop loop = new SteppedLoop();
        loop.scheduleAtFixedRate(() -> { }, 1, 1, TimeUnit.HOURS);
        loop.step();
        EventLoopQueue queue = new EventLoopQueue(loop.thread(), loop);
        held(queue, loop, () -> assertEquals(1, queue.describe().size()));
        loop.shutdown();
        loop.terminationFuture().await();
        queue.holding(() -> {
            try {
                assertEquals(0, queue.describe().size());
                assertEquals(0, queue.shift(new Gap(HOURS, HOURS / 1_000_000)));
            } catch (ReflectiveOperationException failure) {
                throw new AssertionError(failure);
            }
        });
    }

    /** Makes the loop take the step in which it is held. */
    private static void held(EventLoopQueue queue, SteppedLoop loop, Check check) throws Exception {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread holder = new Thread(() -> queue.holding(() -> {
            try {
                check.run();
            } catch (Throwable thrown) {
                failure.set(thrown);
            }
        }));
        holder.start();
        while (loop.pendingTasks() == 0) {
            Thread.onSpinWait();
        }
        loop.steps.release();
        holder.join();
        if (failure.get() != null) {
            throw new AssertionError(failure.get());
        }
    }

    private interface Check {
        void run() throws Exception;
    }

    /** As loops with channels do, it fetches what is due behind what was handed in. */
    private static final class SteppedLoop extends SingleThreadEventExecutor {
        final Semaphore steps = new Semaphore(0);
        private volatile Thread thread;

        SteppedLoop() {
            super(null, new DefaultThreadFactory("stepped", true), false);
        }

        @Override
        protected void run() {
            thread = Thread.currentThread();
            while (!confirmShutdown()) {
                steps.acquireUninterruptibly();
                runAllTasks();
            }
        }

        Thread thread() {
            return thread;
        }

        /** Returns when the loop has done all that it had, and waits for the next step. */
        void step() throws InterruptedException {
            CountDownLatch done = new CountDownLatch(1);
            execute(done::countDown);
            steps.release();
            done.await();
            while (!steps.hasQueuedThreads()) {
                Thread.onSpinWait();
            }
        }

        @Override
        public void shutdown() {
            super.shutdown();
            steps.release();
        }
    }
}
