package org.example.hello;

import java.util.Map;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Spring's own tasks: one every 50 ms, which remembers the most runs that it had within 500 ms since it was last asked, and others that are far from due. */
@RestController
class ScheduledTasks {
    private static final long WINDOW_NANOS = 500_000_000;

    private long runs;
    private long windowStart = System.nanoTime();
    private int inWindow;
    private int most;
    private int early;

    /** Apart, so that the controller is no configuration. */
    @Configuration
    @EnableScheduling
    static class Switch {
    }

    @Scheduled(fixedRate = 50)
    synchronized void often() {
        long now = System.nanoTime();
        if (now - windowStart > WINDOW_NANOS) {
            windowStart = now;
            inWindow = 0;
        }
        runs++;
        most = Math.max(most, ++inWindow);
    }

    @Scheduled(fixedDelay = 600_000, initialDelay = 600_000)
    synchronized void inTenMinutes() {
        early++;
    }

    @Scheduled(cron = "0 0 0 29 2 *")
    synchronized void onLeapDays() {
        early++;
    }

    /** The most is counted anew from then on. */
    @GetMapping("/scheduled")
    synchronized Map<String, Object> state() {
        Map<String, Object> state = Map.of("runs", runs, "most", most, "early", early);
        most = 0;
        inWindow = 0;
        return state;
    }
}
