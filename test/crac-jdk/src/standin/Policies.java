package standin;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** `-Djdk.crac.resource-policies=FILE`: sections of `key: value` lines, split by `---`; as in 17, an empty line is an error. The first match counts. */
final class Policies {
    private final List<Map<String, String>> rules = new ArrayList<>();

    private Policies() {
    }

    static Policies read() throws IOException {
        Policies policies = new Policies();
        String file = System.getProperty("jdk.crac.resource-policies");
        if (file == null) return policies;
        Map<String, String> rule = new HashMap<>();
        policies.rules.add(rule);
        int number = 0;
        for (String line : Files.readAllLines(Path.of(file))) {
            number++;
            if (line.startsWith("#")) continue;
            if (line.trim().equals("---")) {
                rule = new HashMap<>();
                policies.rules.add(rule);
                continue;
            }
            int colon = line.indexOf(':');
            if (colon < 0) throw new IOException("Invalid format on line " + number + " of " + file + ": cannot parse line");
            rule.put(line.substring(0, colon).trim(), line.substring(colon + 1).trim());
        }
        return policies;
    }

    boolean ignore(String type, String what) {
        for (Map<String, String> rule : rules) {
            if (!type.equalsIgnoreCase(rule.get("type"))) continue;
            String path = rule.get("path");
            if (path != null && !FileSystems.getDefault().getPathMatcher("glob:" + path).matches(Path.of(what))) continue;
            String port = rule.get("localPort");
            if (port != null && !port.equals("*") && !what.endsWith("localport=" + port + "]")) continue;
            return "ignore".equalsIgnoreCase(rule.get("action"));
        }
        return false;
    }
}
