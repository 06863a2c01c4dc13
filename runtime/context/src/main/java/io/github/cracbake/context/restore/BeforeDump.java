package io.github.cracbake.context.restore;

import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the steps may look at before the dump, and where they say what they found. */
public final class BeforeDump {
    private final Instrumentation instrumentation;
    private final Collection<?> resources;
    private final Map<String, Object> found = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();
    private Class<?>[] loaded;

    /** @param resources the app's Resources of this checkpoint, as objects of its own classes */
    public BeforeDump(Instrumentation instrumentation, Collection<?> resources) {
        this.instrumentation = instrumentation;
        this.resources = resources;
    }

    public Collection<?> resources() {
        return resources;
    }

    /** Of all class loaders. */
    public Class<?>[] loadedClasses() {
        if (loaded == null) {
            loaded = instrumentation.getAllLoadedClasses();
        }
        return loaded;
    }

    /** For the file {@code ready}. */
    public void found(String key, Object value) {
        found.put(key, value);
    }

    public void warn(String warning) {
        warnings.add(warning);
    }

    public Map<String, Object> found() {
        return found;
    }

    public List<String> warnings() {
        return warnings;
    }
}
