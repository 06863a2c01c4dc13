import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Counts every 100 ms by itself; it shows whether timers go on after a restore. */
final class Ticker {
    private static long count;
    private static long lastNanos;

    private Ticker() {
    }

    static void start() {
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "ticker");
            thread.setDaemon(true);
            return thread;
        });
        executor.scheduleWithFixedDelay(Ticker::tick, 100, 100, TimeUnit.MILLISECONDS);
    }

    private static synchronized void tick() {
        count++;
        lastNanos = System.nanoTime();
    }

    static synchronized String json() {
        return String.format("{\"count\":%d,\"lastNanos\":%d,\"nowNanos\":%d}%n", count, lastNanos, System.nanoTime());
    }
}
