package io.github.cracbake.context.jdk;

import io.github.cracbake.context.restore.BeforeDump;
import io.github.cracbake.context.restore.RestoreInput;
import io.github.cracbake.context.restore.RestoreReport;
import io.github.cracbake.context.restore.RestoreStep;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TimeZone;

/**
 * System properties that are given after the image's name as {@code -Dname=value}, and the time zone. Comes after the environment: the zone is
 * that of the variable {@code TZ}.
 */
public final class PropertiesRefresh implements RestoreStep {
    private static final String ZONE = "user.timezone";
    private static final String[] OPTION_VARIABLES = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"};
    /** The JDK reads them once, at its start or at the first use of what they are for. */
    private static final Set<String> READ_ONCE = new HashSet<>(Arrays.asList(
            "file.encoding", "file.separator", "java.class.path", "java.home", "java.io.tmpdir", "java.library.path", "java.security.egd",
            "java.util.concurrent.ForkJoinPool.common.parallelism", "jdk.virtualThreadScheduler.parallelism", "line.separator",
            "native.encoding", "path.separator", "stderr.encoding", "stdout.encoding", "sun.jnu.encoding", "user.country", "user.dir",
            "user.language"));

    /** What the start's options said; the JVM itself sets the property later, to what it finds. */
    private final boolean zoneGiven = !System.getProperty(ZONE, "").isEmpty();
    private final Map<String, String> optionsBefore = new LinkedHashMap<>();
    private String zoneVariable;
    private boolean zoneSet;

    public PropertiesRefresh() {
    }

    @Override
    public String name() {
        return "properties";
    }

    @Override
    public void rehearse(RestoreInput example, BeforeDump dump) {
        zoneVariable = System.getenv("TZ");
        for (String name : OPTION_VARIABLES) {
            optionsBefore.put(name, withoutOurs(System.getenv(name)));
        }
        RestoreReport report = new RestoreReport();
        set(example, report);
        warnOfOptions(report);
        // Reads the rules of a zone with summer time.
        TimeZone.getTimeZone("America/New_York").getOffset(System.currentTimeMillis());
        zoneIsFound();
        facts(0, TimeZone.getDefault());
    }

    @Override
    public Map<String, Object> refresh(RestoreInput input, RestoreReport report) {
        int count = set(input, report);
        warnOfOptions(report);
        if (input.environment != null && !zoneGiven && !zoneSet && !Objects.equals(zoneVariable, System.getenv("TZ")) && zoneIsFound()) {
            System.clearProperty(ZONE);
            TimeZone.setDefault(null);
        }
        return facts(count, TimeZone.getDefault());
    }

    private static Map<String, Object> facts(int count, TimeZone zone) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("set", count);
        facts.put("timeZone", zone.getID());
        return facts;
    }

    /** Whether the default is the one that the JVM found, and not one that the app has set: that would win in a normal start as well. */
    private static boolean zoneIsFound() {
        return TimeZone.getDefault().getID().equals(System.getProperty(ZONE));
    }

    private int set(RestoreInput input, RestoreReport report) {
        int count = 0;
        if (input.arguments == null) {
            return count;
        }
        for (byte[] argument : input.arguments) {
            String text = new String(argument, StandardCharsets.UTF_8);
            int equals = text.indexOf('=');
            String name = text.startsWith("-D") ? text.substring(2, equals < 2 ? text.length() : equals) : "";
            if (name.isEmpty()) {
                report.warn("the argument '" + text + "' has no effect in a restored process");
                continue;
            }
            System.setProperty(name, equals < 2 ? "" : text.substring(equals + 1));
            count++;
            if (name.equals(ZONE)) {
                TimeZone.setDefault(null);
                zoneSet = true;
            } else if (READ_ONCE.contains(name)) {
                report.warn("the property " + name + " is set, but the JDK has read it before the checkpoint: it may have no effect");
            }
        }
        return count;
    }

    private void warnOfOptions(RestoreReport report) {
        for (Map.Entry<String, String> before : optionsBefore.entrySet()) {
            String now = withoutOurs(System.getenv(before.getKey()));
            if (!now.isEmpty() && !now.equals(before.getValue())) {
                report.warn(before.getKey() + " has no effect in a restored process; -Dname=value after the image's name has");
            }
        }
    }

    /** Without what a bake adds for itself. */
    private static String withoutOurs(String options) {
        if (options == null) {
            return "";
        }
        int ours = options.indexOf("-javaagent:/opt/crac-bake/");
        return (ours < 0 ? options : options.substring(0, ours)).trim();
    }
}
