package io.github.cracbake.context;

import io.github.cracbake.context.restore.Gap;
import io.github.cracbake.context.restore.RestoreReport;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is said of the clocks after a restore. */
final class ClockReport {
    private static final long SECOND = 1000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private ClockReport() {
    }

    static void add(Gap gap, RestoreReport report) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("monotonicGapMs", Json.milliseconds(gap.nanos));
        facts.put("wallGapMs", gap.wallMillis);
        report.add("clock", facts);
        if (gap.wallMillis <= -MINUTE) {
            report.warn("the wall clock is " + span(-gap.wallMillis) + " earlier than at the checkpoint");
        } else if (gap.wallMillis >= MINUTE) {
            // So it is in every restore but those right after the bake: worth a line only to who asks.
            facts.put("note", "the wall clock is " + span(gap.wallMillis) + " later than at the checkpoint");
        }
    }

    static String span(long millis) {
        if (millis >= 2 * DAY) {
            return millis / DAY + " days";
        }
        if (millis >= 2 * HOUR) {
            return millis / HOUR + " hours";
        }
        return millis >= 2 * MINUTE ? millis / MINUTE + " minutes" : millis / SECOND + " seconds";
    }
}
