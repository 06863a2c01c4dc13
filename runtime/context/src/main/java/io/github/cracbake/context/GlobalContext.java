package io.github.cracbake.context;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The Resources of the app in their order of registration, held weakly as on a JDK with CRaC: one that nobody else holds is collected,
 * and its hooks do not run. No lock is held while hooks run, so a hook may register.
 */
final class GlobalContext extends Context<Resource> {
    private static final int FIRST_SWEEP = 64;

    private final List<Registration> registrations = new ArrayList<>();
    private final Set<String> collected = new LinkedHashSet<>();
    private int nextSweep = FIRST_SWEEP;

    @Override
    public synchronized void register(Resource resource) {
        registrations.add(new Registration(resource));
        if (registrations.size() >= nextSweep) {
            sweep();
            nextSweep = Math.max(FIRST_SWEEP, 2 * registrations.size());
        }
    }

    /**
     * The living Resources in order of registration, held strongly from here on. One that was registered several times is there once, at its last
     * place: on a JDK with CRaC the earlier registrations are lost at the next garbage collection.
     */
    synchronized List<HookTarget> living() {
        sweep();
        Map<Object, Boolean> seen = new IdentityHashMap<>();
        List<HookTarget> targets = new ArrayList<>();
        for (int i = registrations.size() - 1; i >= 0; i--) {
            HookTarget target = registrations.get(i).target();
            if (target != null && seen.put(target.subject, Boolean.TRUE) == null) {
                targets.add(target);
            }
        }
        Collections.reverse(targets);
        return targets;
    }

    /** Class names of Resources that were garbage-collected, each once. */
    synchronized List<String> collected() {
        return new ArrayList<>(collected);
    }

    private void sweep() {
        for (Iterator<Registration> all = registrations.iterator(); all.hasNext();) {
            Registration registration = all.next();
            if (registration.isCollected()) {
                collected.add(registration.className);
                all.remove();
            }
        }
    }

    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) {
        throw new UnsupportedOperationException("the global context has no parent");
    }

    @Override
    public void afterRestore(Context<? extends Resource> context) {
        throw new UnsupportedOperationException("the global context has no parent");
    }
}
