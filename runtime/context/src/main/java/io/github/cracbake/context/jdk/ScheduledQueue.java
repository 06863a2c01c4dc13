package io.github.cracbake.context.jdk;

import io.github.cracbake.context.restore.Gap;
import java.util.List;
import java.util.Map;

/** The waiting tasks of one executor or timer. */
interface ScheduledQueue {
    /** Runs {@code body} while nobody else can take from the queue. */
    void holding(Runnable body);

    /** Tasks at a fixed rate, for {@code ready}; they are remembered. */
    List<Map<String, Object>> describe() throws ReflectiveOperationException;

    /** Moves what would run too often, too early, or not for long; returns how many at a fixed rate were moved. Only while held. */
    int shift(Gap gap) throws ReflectiveOperationException;
}
