package org.example.micronaut;

import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.annotation.Scheduled;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;

@Controller("/")
public class Hello {
    private static final AtomicLong COUNTER = new AtomicLong();
    private static final AtomicLong TICKS = new AtomicLong();

    @Scheduled(fixedRate = "100ms")
    void tick() {
        TICKS.incrementAndGet();
    }

    @Get(produces = MediaType.TEXT_PLAIN)
    public String hello() {
        return "hello " + COUNTER.incrementAndGet();
    }

    @Get(uri = "info", produces = MediaType.TEXT_PLAIN)
    public String info() {
        return "{\"pid\":" + ProcessHandle.current().pid() + ",\"jvmStartTime\":" + ManagementFactory.getRuntimeMXBean().getStartTime()
            + ",\"counter\":" + COUNTER.get() + ",\"ticks\":" + TICKS.get() + "}";
    }
}
