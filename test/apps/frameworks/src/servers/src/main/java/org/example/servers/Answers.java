package org.example.servers;

import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;

final class Answers {
    /** Of servers that have a timer of their own. */
    static final AtomicLong TICKS = new AtomicLong();
    private static final AtomicLong COUNTER = new AtomicLong();

    private Answers() {
    }

    static String to(String path) {
        if (path.equals("/info")) {
            return "{\"pid\":" + ProcessHandle.current().pid() + ",\"jvmStartTime\":" + ManagementFactory.getRuntimeMXBean().getStartTime()
                + ",\"counter\":" + COUNTER.get() + ",\"ticks\":" + TICKS.get() + "}";
        }
        return "hello " + COUNTER.incrementAndGet();
    }
}
