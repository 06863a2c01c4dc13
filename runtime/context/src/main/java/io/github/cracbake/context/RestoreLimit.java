package io.github.cracbake.context;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** Ends the wait for {@code afterRestore} hooks that do not return: writes {@code failed} in their place. */
final class RestoreLimit implements Runnable {
    private final HandOver handOver;
    private final Hooks hooks;
    private final long millis;
    private final Map<String, Object> facts;
    private final Thread hookThread = Thread.currentThread();
    private final AtomicBoolean decided = new AtomicBoolean();
    private final Thread thread = new Thread(null, this, "crac-bake afterRestore limit", 0, false);

    /** @param facts what {@code failed} says beside the hooks */
    RestoreLimit(HandOver handOver, Hooks hooks, long millis, Map<String, Object> facts) {
        this.handOver = handOver;
        this.hooks = hooks;
        this.millis = millis;
        this.facts = facts;
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether the hooks were in time; they have the last word then. */
    boolean met() {
        boolean met = decided.compareAndSet(false, true);
        synchronized (this) {
            notifyAll();
        }
        return met;
    }

    @Override
    public void run() {
        long end = System.nanoTime() + millis * 1_000_000;
        synchronized (this) {
            for (long left = millis; !decided.get() && left > 0; left = (end - System.nanoTime()) / 1_000_000 + 1) {
                if (end - System.nanoTime() <= 0) {
                    break;
                }
                try {
                    wait(left);
                } catch (InterruptedException ignored) {
                    // Somebody interrupts every thread it finds; the limit stays.
                }
            }
        }
        if (decided.compareAndSet(false, true)) {
            report();
        }
    }

    private void report() {
        List<Map<String, Object>> resources = hooks.untilNow(hookThread, "did not return within " + millis + " ms");
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("resources", resources);
        json.putAll(facts);
        json.put("error", "afterRestore did not return within " + millis + " ms");
        try {
            handOver.write("failed", json);
        } catch (IOException unwritable) {
            ContextAgent.complain("afterRestore did not return in time", unwritable);
        }
    }
}
