package io.github.cracbake.context;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs hooks, one after the other; one that throws does not keep the others from running. */
final class Hooks {
    private final Context<Resource> context;
    private final boolean adoptLoaders;
    private final List<HookReport> afterRestore = new ArrayList<>();
    private HookTarget current;
    private long currentSince;

    /**
     * @param adoptLoaders whether each hook runs under the context class loader that its Resource was registered under. Our own thread has none of the
     *     app's (threads that a hook starts, and libraries that load classes by name, would get the wrong one); a thread of the app keeps its own.
     */
    Hooks(Context<Resource> context, boolean adoptLoaders) {
        this.context = context;
        this.adoptLoaders = adoptLoaders;
    }

    /** In reverse order of registration. */
    List<HookReport> beforeCheckpoint(List<HookTarget> targets) {
        List<HookReport> reports = new ArrayList<>();
        for (int i = targets.size() - 1; i >= 0; i--) {
            reports.add(run(targets.get(i), true));
        }
        return reports;
    }

    /** In order of registration. */
    List<HookReport> afterRestore(List<HookTarget> targets) {
        for (HookTarget target : targets) {
            synchronized (this) {
                current = target;
                currentSince = System.nanoTime();
            }
            HookReport report = run(target, false);
            synchronized (this) {
                afterRestore.add(report);
                current = null;
            }
        }
        return afterRestore;
    }

    /** The hooks of {@code afterRestore} so far, and as failed the one that runs in {@code thread}. */
    synchronized List<Map<String, Object>> untilNow(Thread thread, String problem) {
        List<Map<String, Object>> json = HookReport.toJson(afterRestore);
        if (current != null) {
            Throwable hanging = new IllegalStateException(problem);
            hanging.setStackTrace(thread.getStackTrace());
            json.add(new HookReport(current.className, "afterRestore", System.nanoTime() - currentSince, hanging).toJson());
        }
        return json;
    }

    private HookReport run(HookTarget target, boolean before) {
        Thread thread = Thread.currentThread();
        ClassLoader callers = thread.getContextClassLoader();
        boolean adopt = adoptLoaders && target.contextLoader != null;
        Throwable failure = null;
        long start = System.nanoTime();
        try {
            if (adopt) {
                thread.setContextClassLoader(target.contextLoader);
            }
            if (before) {
                target.resource.beforeCheckpoint(context);
            } else {
                target.resource.afterRestore(context);
            }
        } catch (Throwable thrown) {
            failure = thrown;
        } finally {
            if (adopt) {
                thread.setContextClassLoader(callers);
            }
        }
        return new HookReport(target.className, before ? "beforeCheckpoint" : "afterRestore", System.nanoTime() - start, failure);
    }
}
