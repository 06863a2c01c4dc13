package org.example.shop;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class InfoController {
    private final AtomicLong counter = new AtomicLong();
    private final HikariDataSource pool;

    InfoController(HikariDataSource pool) {
        this.pool = pool;
    }

    /** Each call counts, so that state from before a dump can be told from a fresh start. */
    @GetMapping("/info")
    Map<String, Object> info() throws IOException {
        Map<String, Object> info = new LinkedHashMap<>(ProcessFacts.read());
        info.put("counter", counter.incrementAndGet());
        return info;
    }

    @GetMapping("/pool")
    Map<String, Object> pool() {
        var state = pool.getHikariPoolMXBean();
        return Map.of("total", state.getTotalConnections(), "idle", state.getIdleConnections(), "active", state.getActiveConnections());
    }
}
