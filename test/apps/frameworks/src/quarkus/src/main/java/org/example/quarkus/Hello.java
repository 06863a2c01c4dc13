package org.example.quarkus;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;

@Path("/")
public class Hello {
    private static final AtomicLong COUNTER = new AtomicLong();

    @GET
    public String hello() {
        return "hello " + COUNTER.incrementAndGet();
    }

    @GET
    @Path("info")
    public String info() {
        return "{\"pid\":" + ProcessHandle.current().pid() + ",\"jvmStartTime\":" + ManagementFactory.getRuntimeMXBean().getStartTime()
            + ",\"counter\":" + COUNTER.get() + "}";
    }
}
