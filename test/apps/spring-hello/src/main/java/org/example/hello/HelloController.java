package org.example.hello;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.Environment;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class HelloController {
    private static final Logger LOG = LoggerFactory.getLogger(HelloController.class);

    private final AtomicLong counter = new AtomicLong();
    private final Ticker ticker;

    private final Environment environment;

    HelloController(Ticker ticker, Environment environment) {
        this.ticker = ticker;
        this.environment = environment;
    }

    @GetMapping(value = "/", produces = MediaType.TEXT_PLAIN_VALUE)
    String hello() {
        return "hello " + counter.incrementAndGet() + "\n";
    }

    @GetMapping("/info")
    Map<String, Object> info() throws IOException {
        Map<String, Object> info = new LinkedHashMap<>(ProcessFacts.read());
        info.put("counter", counter.get());
        return info;
    }

    @GetMapping("/tick")
    Map<String, Object> tick() {
        return ticker.state();
    }

    /** An unset variable gives an empty body. */
    @GetMapping(value = "/env/{name}", produces = MediaType.TEXT_PLAIN_VALUE)
    String environment(@PathVariable String name) {
        String value = System.getenv(name);
        return value == null ? "" : value + "\n";
    }

    /** As a child process sees it: from libc's environ, not from Java's copy. */
    @GetMapping(value = "/child-env/{name}", produces = MediaType.TEXT_PLAIN_VALUE)
    String childEnvironment(@PathVariable String name) throws IOException {
        Process child = new ProcessBuilder("printenv", name).start();
        return new String(child.getInputStream().readAllBytes());
    }

    /** As Spring sees it: also by another spelling of a variable's name. */
    @GetMapping(value = "/property/{name}", produces = MediaType.TEXT_PLAIN_VALUE)
    String property(@PathVariable String name) {
        String value = environment.getProperty(name);
        return value == null ? "" : value + "\n";
    }

    @GetMapping(value = "/session", produces = MediaType.TEXT_PLAIN_VALUE)
    String session(HttpServletRequest request) {
        return request.getSession().getId() + "\n";
    }

    @GetMapping(value = "/log", produces = MediaType.TEXT_PLAIN_VALUE)
    String log(@RequestParam String text) {
        LOG.info("request says: {}", text.replaceAll("\\p{Cntrl}", " "));
        return "logged\n";
    }
}
