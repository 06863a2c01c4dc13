package org.example.quarkus;

import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;

@Path("/")
public class Hello {
    private static final AtomicLong COUNTER = new AtomicLong();
    private static final AtomicLong TICKS = new AtomicLong();

    void start(@Observes StartupEvent event, Vertx vertx) {
        vertx.setPeriodic(100, timer -> TICKS.incrementAndGet());
    }

    @GET
    public String hello() {
        return "hello " + COUNTER.incrementAndGet();
    }

    @GET
    @Path("info")
    public String info() {
        return "{\"pid\":" + ProcessHandle.current().pid() + ",\"jvmStartTime\":" + ManagementFactory.getRuntimeMXBean().getStartTime()
            + ",\"counter\":" + COUNTER.get() + ",\"ticks\":" + TICKS.get() + "}";
    }
}
