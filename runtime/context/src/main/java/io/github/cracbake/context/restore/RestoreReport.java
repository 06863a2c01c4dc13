package io.github.cracbake.context.restore;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the steps did. */
public final class RestoreReport {
    private final Map<String, Object> facts = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();

    public void warn(String warning) {
        warnings.add(warning);
    }

    public void add(String step, Map<String, Object> stepFacts) {
        facts.put(step, stepFacts);
    }

    /** By the step's name. */
    public Map<String, Object> facts() {
        return facts;
    }

    public List<String> warnings() {
        return warnings;
    }
}
