package org.example.webflux;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

@SpringBootApplication
@RestController
public class Application {
    private static final AtomicLong COUNTER = new AtomicLong();
    private static final AtomicLong TICKS = new AtomicLong();

    Application() {
        Flux.interval(Duration.ofMillis(100)).subscribe(tick -> TICKS.incrementAndGet());
    }

    public static void main(String[] arguments) {
        SpringApplication.run(Application.class, arguments);
    }

    @GetMapping("/")
    public Mono<String> hello() {
        return Mono.fromSupplier(() -> "hello " + COUNTER.incrementAndGet());
    }

    @GetMapping("/info")
    public Mono<String> info() {
        return Mono.fromSupplier(() -> "{\"pid\":" + ProcessHandle.current().pid()
            + ",\"jvmStartTime\":" + ManagementFactory.getRuntimeMXBean().getStartTime() + ",\"counter\":" + COUNTER.get() + ",\"ticks\":" + TICKS.get() + "}");
    }
}
