package org.example.hello;

import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** Counts every 100 ms by itself; it shows whether timers go on after a restore. */
@Component
class Ticker implements DisposableBean {
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private long count;
    private long lastNanos;

    Ticker() {
        executor.scheduleWithFixedDelay(this::tick, 100, 100, TimeUnit.MILLISECONDS);
    }

    private synchronized void tick() {
        count++;
        lastNanos = System.nanoTime();
    }

    synchronized Map<String, Object> state() {
        return Map.of("count", count, "lastNanos", lastNanos, "nowNanos", System.nanoTime());
    }

    @Override
    public void destroy() {
        executor.shutdownNow();
    }
}
