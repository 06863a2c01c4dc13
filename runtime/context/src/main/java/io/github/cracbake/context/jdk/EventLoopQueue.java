package io.github.cracbake.context.jdk;

import io.github.cracbake.context.restore.Gap;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The queue of an event loop of Netty's, which goes by {@code System.nanoTime} (same names in Netty 4.1 and 4.2). Only the loop's thread may touch it,
 * so that thread is given a task in which it waits.
 */
final class EventLoopQueue implements ScheduledQueue {
    /** Milliseconds to wait for what the loop is doing. */
    private static final long PATIENCE = 300;

    private final Thread thread;
    private final Executor loop;
    private final Field queue;
    private final Field deadline;
    private final Field period;
    private final Field task;
    private final Method now;
    /** Seen so far. One that is due may be out of the queue already, behind the task in which the loop waits. */
    private final Set<Object> atFixedRate = Collections.newSetFromMap(new IdentityHashMap<>());
    /** Counted down while the loop waits; null while nobody wants it to. */
    private CountDownLatch begun;
    private boolean isShutDown;

    EventLoopQueue(Thread thread, Object loop) throws ReflectiveOperationException {
        this.thread = thread;
        this.loop = (Executor) loop;
        Class<?> base = EventLoops.base(loop.getClass());
        queue = Reflect.field(base, "scheduledTaskQueue");
        Class<?> scheduled = Class.forName(base.getName().replace("AbstractScheduledEventExecutor", "ScheduledFutureTask"), false, base.getClassLoader());
        deadline = Reflect.field(scheduled, "deadlineNanos");
        period = Reflect.field(scheduled, "periodNanos");
        task = Reflect.field(scheduled, "task");
        now = clock(base);
    }

    private static Method clock(Class<?> base) throws NoSuchMethodException {
        try {
            return Reflect.method(base, "getCurrentTimeNanos");
        } catch (NoSuchMethodException before4176) {
            return Reflect.method(base, "nanoTime");
        }
    }

    @Override
    public void holding(Runnable body) {
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        if (thread == Thread.currentThread()) {
            waiting.countDown();
        } else {
            try {
                loop.execute(() -> {
                    waiting.countDown();
                    await(end, Long.MAX_VALUE);
                });
                await(waiting, PATIENCE);
            } catch (RejectedExecutionException shutDown) {
                isShutDown = true;
            }
        }
        begun = waiting;
        try {
            body.run();
        } finally {
            begun = null;
            end.countDown();
        }
    }

    private static void await(CountDownLatch latch, long millis) {
        try {
            latch.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public List<Map<String, Object>> describe() throws ReflectiveOperationException {
        for (Object each : waiting()) {
            if (period.getLong(each) > 0) {
                atFixedRate.add(each);
            }
        }
        List<Map<String, Object>> tasks = new ArrayList<>();
        for (Object each : atFixedRate) {
            tasks.add(TaskName.describe("event-loop", task.get(each), period.getLong(each) / 1e6));
        }
        return tasks;
    }

    /** Only while the loop waits. */
    @SuppressWarnings("unchecked")
    private Collection<Object> waiting() throws ReflectiveOperationException {
        if (!isShutDown && (begun == null || begun.getCount() > 0)) {
            throw new IllegalStateException("the thread " + thread.getName() + " is busy");
        }
        // Also those of a loop that was shut down: it has cancelled them.
        atFixedRate.removeIf(each -> ((Future<?>) each).isDone());
        // Made for the first task.
        Collection<Object> waiting = isShutDown ? null : (Collection<Object>) queue.get(loop);
        return waiting == null ? Collections.emptyList() : waiting;
    }

    @Override
    public int shift(Gap gap) throws ReflectiveOperationException {
        Collection<Object> waiting = waiting();
        List<Object> tasks = new ArrayList<>(waiting);
        waiting.clear();
        try {
            for (Object each : tasks) {
                if (period.getLong(each) > 0) {
                    atFixedRate.add(each);
                } else {
                    deadline.setLong(each, deadline.getLong(each) + gap.ahead());
                }
            }
            for (Object each : atFixedRate) {
                deadline.setLong(each, gap.nextRun(deadline.getLong(each), period.getLong(each), (Long) now.invoke(loop)));
            }
        } finally {
            waiting.addAll(tasks);
        }
        return atFixedRate.size();
    }
}
