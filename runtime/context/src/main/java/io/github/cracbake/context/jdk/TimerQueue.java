package io.github.cracbake.context.jdk;

import io.github.cracbake.context.restore.Gap;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TimerTask;

/** The queue of a {@code java.util.Timer}, which goes by the wall clock (same names in OpenJDK 11 to 25). */
final class TimerQueue implements ScheduledQueue {
    private final Access access;
    private final Object queue;

    TimerQueue(Access access, Object queue) {
        this.access = access;
        this.queue = queue;
    }

    @Override
    public void holding(Runnable body) {
        synchronized (queue) {
            body.run();
        }
    }

    @Override
    public List<Map<String, Object>> describe() throws ReflectiveOperationException {
        List<Map<String, Object>> tasks = new ArrayList<>();
        for (Object task : waiting()) {
            if (access.period.getLong(task) > 0) {
                tasks.add(TaskName.describe("timer", task, access.period.getLong(task)));
            }
        }
        return tasks;
    }

    private List<Object> waiting() throws ReflectiveOperationException {
        Object[] heap = (Object[]) access.heap.get(queue);
        int size = access.size.getInt(queue);
        List<Object> tasks = new ArrayList<>();
        // The heap begins at 1.
        for (int i = 1; i <= size; i++) {
            tasks.add(heap[i]);
        }
        return tasks;
    }

    /** Where the new host's clock is behind, all tasks would wait until it catches up. */
    @Override
    public int shift(Gap gap) throws ReflectiveOperationException {
        int count = 0;
        for (Object task : waiting()) {
            if (access.period.getLong(task) > 0 || gap.wallMillis < 0) {
                access.next.setLong(task, access.next.getLong(task) + gap.wallMillis);
                count++;
            }
        }
        access.heapify.invoke(queue);
        queue.notify();
        return count;
    }

    /** The fields, looked up once. */
    static final class Access {
        private final Class<?> type = Reflect.bootClass("java.util.TaskQueue");
        private final Field heap = Reflect.field(type, "queue");
        private final Field size = Reflect.field(type, "size");
        private final Method heapify = Reflect.method(type, "heapify");
        private final Field period = Reflect.field(TimerTask.class, "period");
        private final Field next = Reflect.field(TimerTask.class, "nextExecutionTime");

        Access() throws ReflectiveOperationException {
        }
    }
}
