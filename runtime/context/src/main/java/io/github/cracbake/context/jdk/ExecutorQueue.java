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
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.locks.ReentrantLock;

/** The queue of a ScheduledThreadPoolExecutor, which goes by {@code System.nanoTime} (same names in OpenJDK 11 to 25). */
final class ExecutorQueue implements ScheduledQueue {
    /** Milliseconds to wait for running tasks. */
    private static final int PATIENCE = 300;

    private final Access access;
    private final Set<Object> workers = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Collection<Object> queue;
    private final ReentrantLock lock;
    /** Seen so far. One that runs, or waits in its thread, is not in the queue, and reckons its next run from its last when it is through. */
    private final Set<Object> atFixedRate = Collections.newSetFromMap(new IdentityHashMap<>());

    @SuppressWarnings("unchecked")
    ExecutorQueue(Access access, ScheduledThreadPoolExecutor executor) throws ReflectiveOperationException {
        this.access = access;
        queue = (Collection<Object>) access.queue.get(executor);
        lock = (ReentrantLock) Reflect.get(queue, "lock");
    }

    void add(Object worker) {
        workers.add(worker);
    }

    @Override
    public void holding(Runnable body) {
        long end = System.nanoTime() + PATIENCE * 1_000_000L;
        lock.lock();
        // A task at its end waits for this lock, and its worker is busy until then.
        while (isBusy() && System.nanoTime() < end) {
            lock.unlock();
            pause();
            lock.lock();
        }
        try {
            body.run();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Not getActiveCount: that takes the executor's main lock, which others hold while they take the queue's. A worker is not locked yet when it has
     * only just taken a task, which is in no queue then; one without a task waits.
     */
    private boolean isBusy() {
        try {
            for (Object worker : workers) {
                Thread thread = (Thread) access.thread.get(worker);
                if ((Boolean) access.isLocked.invoke(worker) || thread != null && thread.getState() == Thread.State.RUNNABLE) {
                    return true;
                }
            }
        } catch (ReflectiveOperationException unknown) {
            return false;
        }
        return false;
    }

    private static void pause() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            Thread.yield();
        }
    }

    @Override
    public List<Map<String, Object>> describe() throws ReflectiveOperationException {
        Set<Object> waiting = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Object task : waiting()) {
            if (access.period.getLong(task) > 0) {
                waiting.add(task);
            }
        }
        if (!isBusy()) {
            atFixedRate.retainAll(waiting);
        }
        atFixedRate.addAll(waiting);
        List<Map<String, Object>> tasks = new ArrayList<>();
        for (Object task : atFixedRate) {
            Object callable = access.callable.get(task);
            // None in one that was cancelled.
            if (callable != null) {
                tasks.add(TaskName.describe("executor", callable, access.period.getLong(task) / 1e6));
            }
        }
        return tasks;
    }

    private List<Object> waiting() throws ReflectiveOperationException {
        List<Object> tasks = new ArrayList<>();
        for (Object task : queue.toArray()) {
            // An executor may have tasks of a class of its own.
            if (access.type == task.getClass()) {
                tasks.add(task);
            }
        }
        return tasks;
    }

    @Override
    public int shift(Gap gap) throws ReflectiveOperationException {
        List<Object> rated = new ArrayList<>();
        for (Object task : waiting()) {
            queue.remove(task);
            boolean isRated = atFixedRate.remove(task) || access.period.getLong(task) > 0;
            if (isRated) {
                rated.add(task);
                moveRated(task, gap);
            } else {
                access.time.setLong(task, access.time.getLong(task) + gap.ahead());
            }
            queue.add(task);
        }
        for (Object running : atFixedRate) {
            moveRated(running, gap);
        }
        atFixedRate.addAll(rated);
        return atFixedRate.size();
    }

    private void moveRated(Object task, Gap gap) throws ReflectiveOperationException {
        access.time.setLong(task, gap.nextRun(access.time.getLong(task), access.period.getLong(task), System.nanoTime()));
    }

    /** The fields, looked up once. */
    static final class Access {
        final Class<?> type = Reflect.bootClass("java.util.concurrent.ScheduledThreadPoolExecutor$ScheduledFutureTask");
        final Class<?> queueType = Reflect.bootClass("java.util.concurrent.ScheduledThreadPoolExecutor$DelayedWorkQueue");
        final Field queue = Reflect.field(ThreadPoolExecutor.class, "workQueue");
        final Field period = Reflect.field(type, "period");
        final Field time = Reflect.field(type, "time");
        final Class<?> worker = Reflect.bootClass("java.util.concurrent.ThreadPoolExecutor$Worker");
        final Method isLocked = Reflect.method(worker, "isLocked");
        final Field thread = Reflect.field(worker, "thread");
        final Field callable = Reflect.field(type, "callable");

        Access() throws ReflectiveOperationException {
        }

        boolean knows(Object executor) throws ReflectiveOperationException {
            return executor instanceof ScheduledThreadPoolExecutor && queue.get(executor).getClass() == queueType;
        }
    }
}
