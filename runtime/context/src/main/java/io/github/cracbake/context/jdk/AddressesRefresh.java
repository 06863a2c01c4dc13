package io.github.cracbake.context.jdk;

import io.github.cracbake.context.restore.BeforeDump;
import io.github.cracbake.context.restore.RestoreInput;
import io.github.cracbake.context.restore.RestoreReport;
import io.github.cracbake.context.restore.RestoreStep;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;

/** Answers of the name service, and the host's own name, that {@code InetAddress} keeps (same names in OpenJDK 11 to 25). */
public final class AddressesRefresh implements RestoreStep {
    private static final String OWNER = "java.net.InetAddress";

    private final StaticField cache;
    private final StaticField expiry;
    private final StaticField localHost;

    public AddressesRefresh() throws ReflectiveOperationException {
        Initialised initialised = new Initialised();
        cache = new StaticField(initialised, OWNER, "cache");
        expiry = new StaticField(initialised, OWNER, "expirySet");
        localHost = new StaticField(initialised, OWNER, "cachedLocalHost");
    }

    @Override
    public String name() {
        return "addresses";
    }

    /** They are forgotten before the dump already: an answer that is asked for in between is the only one left to forget. */
    @Override
    public void rehearse(RestoreInput example, BeforeDump dump) throws ReflectiveOperationException {
        forget();
    }

    @Override
    public Map<String, Object> refresh(RestoreInput input, RestoreReport report) throws ReflectiveOperationException {
        forget();
        return Collections.emptyMap();
    }

    private void forget() throws ReflectiveOperationException {
        localHost.set(null);
        clear(expiry.get());
        Object answers = cache.get();
        if (answers != null) {
            ((Map<?, ?>) answers).clear();
        }
    }

    private static void clear(Object set) {
        if (set != null) {
            ((Collection<?>) set).clear();
        }
    }
}
