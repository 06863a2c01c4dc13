package io.github.cracbake.context.jdk;

import io.github.cracbake.context.restore.BeforeDump;
import io.github.cracbake.context.restore.RestoreInput;
import io.github.cracbake.context.restore.RestoreReport;
import io.github.cracbake.context.restore.RestoreStep;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;

/** The common pool and the scheduler of virtual threads: as many threads as the new container has processors (21 and later). */
public final class ProcessorsRefresh implements RestoreStep {
    private final List<StaticField> commonPool = new ArrayList<>();
    private final List<StaticField> virtualThreads = new ArrayList<>();
    /** Null before 19. */
    private Method setParallelism;
    private int processors;

    public ProcessorsRefresh() throws ReflectiveOperationException {
        Initialised initialised = new Initialised();
        if (System.getProperty("java.util.concurrent.ForkJoinPool.common.parallelism") == null) {
            commonPool.add(new StaticField(initialised, "java.util.concurrent.ForkJoinPool", "common"));
        }
        try {
            setParallelism = Reflect.method(ForkJoinPool.class, "setParallelism", int.class);
            if (System.getProperty("jdk.virtualThreadScheduler.parallelism") == null) {
                virtualThreads.add(new StaticField(initialised, "java.lang.VirtualThread", "DEFAULT_SCHEDULER"));
            }
        } catch (NoSuchMethodException | ClassNotFoundException | NoSuchFieldException older) {
            // Fixed at the first use, then.
        }
    }

    @Override
    public String name() {
        return "processors";
    }

    @Override
    public void rehearse(RestoreInput example, BeforeDump dump) throws ReflectiveOperationException {
        processors = Runtime.getRuntime().availableProcessors();
        // Also where nothing changes: the method itself has to be linked.
        if (setParallelism != null) {
            for (StaticField pool : commonPool) {
                Object common = pool.get();
                if (common != null && ((ForkJoinPool) common).getParallelism() > 0) {
                    setParallelism.invoke(common, ((ForkJoinPool) common).getParallelism());
                }
            }
        }
        follow(processors, new RestoreReport());
    }

    @Override
    public Map<String, Object> refresh(RestoreInput input, RestoreReport report) throws ReflectiveOperationException {
        return follow(Runtime.getRuntime().availableProcessors(), report);
    }

    private Map<String, Object> follow(int now, RestoreReport report) throws ReflectiveOperationException {
        set(commonPool, Math.max(1, processors - 1), Math.max(1, now - 1), report);
        set(virtualThreads, processors, now, report);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("available", now);
        facts.put("before", processors);
        return facts;
    }

    /** Another size than the JDK's own is the app's. */
    private void set(List<StaticField> pools, int expected, int wanted, RestoreReport report) throws ReflectiveOperationException {
        for (StaticField field : pools) {
            Object pool = field.get();
            if (expected != wanted && pool instanceof ForkJoinPool && ((ForkJoinPool) pool).getParallelism() == expected) {
                if (setParallelism == null) {
                    report.warn("the common pool keeps its parallelism of " + expected + ": it can change on Java 21 and later only");
                } else {
                    setParallelism.invoke(pool, wanted);
                }
            }
        }
    }
}
