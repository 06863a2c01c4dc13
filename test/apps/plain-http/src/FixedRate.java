import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Two tasks at a fixed rate of 50 ms, by an executor and by a timer; each remembers the most runs that it had within 500 ms. */
final class FixedRate {
    private static final int PERIOD_MS = 50;
    private static final long WINDOW_NANOS = 500_000_000;
    private static final FixedRate EXECUTOR = new FixedRate();
    private static final FixedRate TIMER = new FixedRate();

    private long runs;
    private long windowStart = System.nanoTime();
    private int inWindow;
    private int most;

    private FixedRate() {
    }

    static void start() {
        Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "fixed rate");
            thread.setDaemon(true);
            return thread;
        }).scheduleAtFixedRate(EXECUTOR::run, PERIOD_MS, PERIOD_MS, TimeUnit.MILLISECONDS);
        new Timer("fixed rate timer", true).scheduleAtFixedRate(new TimerTask() {
            @Override
            public void run() {
                TIMER.run();
            }
        }, PERIOD_MS, PERIOD_MS);
    }

    private synchronized void run() {
        long now = System.nanoTime();
        if (now - windowStart > WINDOW_NANOS) {
            windowStart = now;
            inWindow = 0;
        }
        runs++;
        most = Math.max(most, ++inWindow);
    }

    private synchronized String state() {
        return String.format("{\"runs\":%d,\"most\":%d}", runs, most);
    }

    static String json() {
        return "{\"executor\":" + EXECUTOR.state() + ",\"timer\":" + TIMER.state() + "}\n";
    }
}
