package io.github.cracbake.context;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How one hook went: a RESOURCE of the runtime contract. */
final class HookReport {
    /** Characters; a trace with many nested causes is cut here. */
    private static final int LONGEST_STACK = 20_000;

    private final String className;
    private final String phase;
    private final long elapsedNanos;
    /** Null when the hook returned. */
    final Throwable failure;

    HookReport(String className, String phase, long elapsedNanos, Throwable failure) {
        this.className = className;
        this.phase = phase;
        this.elapsedNanos = elapsedNanos;
        this.failure = failure;
    }

    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("class", className);
        json.put("phase", phase);
        json.put("elapsedMs", Json.milliseconds(elapsedNanos));
        json.put("outcome", failure == null ? "ok" : "failed");
        if (failure != null) {
            json.put("error", text(failure));
            json.put("stack", stack(failure));
        }
        return json;
    }

    static List<Map<String, Object>> toJson(List<HookReport> reports) {
        List<Map<String, Object>> json = new ArrayList<>();
        for (HookReport report : reports) {
            json.add(report.toJson());
        }
        return json;
    }

    /** Adds every failure to {@code exception} as suppressed. */
    static boolean addFailures(List<HookReport> reports, Exception exception) {
        boolean any = false;
        for (HookReport report : reports) {
            if (report.failure != null) {
                exception.addSuppressed(report.failure);
                any = true;
            }
        }
        return any;
    }

    /** The exception's own {@code toString}, which may be the app's code and throw. */
    static String text(Throwable failure) {
        try {
            return failure.toString();
        } catch (Throwable second) {
            return failure.getClass().getName();
        }
    }

    private static String stack(Throwable failure) {
        try {
            StringWriter text = new StringWriter();
            failure.printStackTrace(new PrintWriter(text, true));
            String all = text.toString();
            return all.length() <= LONGEST_STACK ? all : all.substring(0, LONGEST_STACK);
        } catch (Throwable second) {
            return failure.getClass().getName();
        }
    }
}
