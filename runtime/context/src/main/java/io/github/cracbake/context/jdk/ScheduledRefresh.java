package io.github.cracbake.context.jdk;

import io.github.cracbake.context.restore.BeforeDump;
import io.github.cracbake.context.restore.Gap;
import io.github.cracbake.context.restore.HoldingStep;
import io.github.cracbake.context.restore.RestoreInput;
import io.github.cracbake.context.restore.RestoreReport;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/**
 * Tasks at a fixed rate: moved by as much as the clock went while the process was frozen, since they would make up for every run that they missed.
 * Other tasks of executors are due when they would have been by the wall clock: the monotonic one says how long the new host has been up.
 * The queues are held from before the dump on; otherwise the first of the missed runs would be under way before anything could be done.
 */
public final class ScheduledRefresh implements HoldingStep {
    private final Method threads = Reflect.method(Thread.class, "getThreads");
    private final Class<?> worker = Reflect.bootClass("java.util.concurrent.ThreadPoolExecutor$Worker");
    private final Field pool = Reflect.field(worker, "this$0");
    private final Class<?> timerThread = Reflect.bootClass("java.util.TimerThread");
    private final Field timerQueue = Reflect.field(timerThread, "queue");
    private final List<ScheduledQueue> queues = new ArrayList<>();
    /** Warnings about event loops of a Netty that is not like those that are known. */
    private final Set<String> unlikeLoops = new LinkedHashSet<>();
    /** By executor, timer or event loop, with what they remember. */
    private final Map<Object, ScheduledQueue> known = new IdentityHashMap<>();

    public ScheduledRefresh() throws ReflectiveOperationException {
    }

    @Override
    public String name() {
        return "scheduled";
    }

    /** Spring's schedulers are paused by its hook: a task that is due then waits in its thread, out of the queue, until after the restore. */
    @Override
    public void notice() throws ReflectiveOperationException {
        known.clear();
        for (ScheduledQueue queue : find()) {
            queue.holding(() -> {
                try {
                    queue.describe();
                } catch (ReflectiveOperationException | RuntimeException failure) {
                    known.values().remove(queue);
                }
            });
        }
    }

    @Override
    public void rehearse(RestoreInput example, BeforeDump dump) throws ReflectiveOperationException {
        queues.clear();
        List<Map<String, Object>> tasks = new ArrayList<>();
        for (ScheduledQueue queue : find()) {
            queue.holding(() -> {
                try {
                    tasks.addAll(queue.describe());
                    queue.shift(Gap.NONE);
                    queues.add(queue);
                } catch (ReflectiveOperationException | RuntimeException failure) {
                    dump.warn("tasks of a scheduler make up for the runs that they miss: " + failure);
                }
            });
        }
        for (String unlike : unlikeLoops) {
            dump.warn(unlike);
        }
        facts(0);
        dump.found("scheduled", tasks);
    }

    private Collection<ScheduledQueue> find() throws ReflectiveOperationException {
        ExecutorQueue.Access executors = new ExecutorQueue.Access();
        TimerQueue.Access timers = new TimerQueue.Access();
        for (Thread thread : (Thread[]) threads.invoke(null)) {
            if (timerThread.isInstance(thread)) {
                Object queue = timerQueue.get(thread);
                known.put(queue, new TimerQueue(timers, queue));
            } else {
                Object task = task(thread);
                Object member = worker(task);
                if (member == null) {
                    addLoop(thread, EventLoops.of(thread, task));
                } else if (executors.knows(pool.get(member))) {
                    addWorker(executors, (ScheduledThreadPoolExecutor) pool.get(member), member);
                }
            }
        }
        return new ArrayList<>(known.values());
    }

    private void addWorker(ExecutorQueue.Access executors, ScheduledThreadPoolExecutor executor, Object worker) throws ReflectiveOperationException {
        if (!known.containsKey(executor)) {
            known.put(executor, new ExecutorQueue(executors, executor));
        }
        ((ExecutorQueue) known.get(executor)).add(worker);
    }

    private void addLoop(Thread thread, Object loop) {
        if (loop == null || known.containsKey(loop)) {
            return;
        }
        try {
            known.put(loop, new EventLoopQueue(thread, loop));
        } catch (ReflectiveOperationException | RuntimeException unlike) {
            unlikeLoops.add("tasks of the thread " + thread.getName() + " make up for the runs that they miss: " + unlike);
        }
    }

    private static Object task(Thread thread) throws ReflectiveOperationException {
        try {
            // 19 and later; null in a thread of the JVM's own.
            Object holder = Reflect.field(Thread.class, "holder").get(thread);
            return holder == null ? null : Reflect.get(holder, "task");
        } catch (NoSuchFieldException older) {
            return Reflect.field(Thread.class, "target").get(thread);
        }
    }

    /** A thread factory may have put a Runnable of its own around the worker. */
    private Object worker(Object task) throws ReflectiveOperationException {
        if (task == null || worker.isInstance(task)) {
            return task;
        }
        for (Field field : task.getClass().getDeclaredFields()) {
            if (Runnable.class.isAssignableFrom(field.getType()) && field.trySetAccessible()) {
                Object inner = field.get(task);
                if (worker.isInstance(inner)) {
                    return inner;
                }
            }
        }
        return null;
    }

    /** Nested calls, since a timer's queue has a monitor for a lock. */
    @Override
    public void holding(Runnable body) {
        holding(0, body);
    }

    private void holding(int from, Runnable body) {
        if (from == queues.size()) {
            body.run();
        } else {
            queues.get(from).holding(() -> holding(from + 1, body));
        }
    }

    @Override
    public Map<String, Object> refresh(RestoreInput input, RestoreReport report) throws ReflectiveOperationException {
        int shifted = 0;
        for (ScheduledQueue queue : queues) {
            try {
                shifted += queue.shift(input.gap);
            } catch (ReflectiveOperationException | RuntimeException failure) {
                report.warn("tasks of a scheduler make up for the runs that they missed: " + failure);
            }
        }
        queues.clear();
        known.clear();
        return facts(shifted);
    }

    private static Map<String, Object> facts(int shifted) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("shifted", shifted);
        return facts;
    }
}
