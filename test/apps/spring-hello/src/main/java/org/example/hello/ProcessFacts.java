package org.example.hello;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What tells a restored process from a started one, and what it is allowed to do. */
final class ProcessFacts {
    private ProcessFacts() {
    }

    static Map<String, Object> read() throws IOException {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("pid", ProcessHandle.current().pid());
        facts.put("jvmStartTime", ManagementFactory.getRuntimeMXBean().getStartTime());
        facts.put("javaVersion", System.getProperty("java.version"));
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            String[] fields = line.split(":?\\s+");
            switch (fields[0]) {
                case "Uid" -> facts.put("uid", Integer.valueOf(fields[2]));
                case "Gid" -> facts.put("gid", Integer.valueOf(fields[2]));
                case "CapPrm", "CapEff", "CapBnd" -> facts.put(fields[0], fields[1]);
                default -> { }
            }
        }
        return facts;
    }
}
