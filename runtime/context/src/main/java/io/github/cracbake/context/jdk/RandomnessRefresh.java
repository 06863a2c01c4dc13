package io.github.cracbake.context.jdk;

import io.github.cracbake.context.restore.BeforeDump;
import io.github.cracbake.context.restore.HoldingStep;
import io.github.cracbake.context.restore.RestoreInput;
import io.github.cracbake.context.restore.RestoreReport;
import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Random numbers: no two processes restored from one checkpoint have the same ones. */
public final class RandomnessRefresh implements HoldingStep {
    /** Each takes a frame on the stack. */
    private static final int MOST_HELD = 1000;

    /** Null each where this JDK does not have what it needs; each works without the others. */
    private PlainRandoms plain;
    private StaticRandoms statics;
    private TrackedRandoms secure;
    private final List<String> problems = new ArrayList<>();

    public RandomnessRefresh() throws ReflectiveOperationException {
        Initialised initialised = new Initialised();
        try {
            secure = new TrackedRandoms(initialised);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError missing) {
            problems.add("generators made by SecureRandom may repeat: " + missing);
        }
        try {
            plain = new PlainRandoms(initialised);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError missing) {
            problems.add("Math.random, ThreadLocalRandom and SplittableRandom may repeat: " + missing);
        }
        try {
            statics = new StaticRandoms(initialised);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError missing) {
            // Only a help: nothing is renewed by it.
            statics = null;
        }
    }

    @Override
    public String name() {
        return "randomness";
    }

    /** Not without effect, but random numbers they stay. */
    @Override
    public void rehearse(RestoreInput example, BeforeDump dump) throws ReflectiveOperationException, IOException, NoSuchAlgorithmException {
        if (statics != null) {
            dump.found("randoms", statics.find(dump.loadedClasses()));
        }
        if (plain != null) {
            plain.addFamilies(dump.loadedClasses());
        }
        if (secure != null) {
            try (Entropy entropy = new Entropy()) {
                secure.rehearse(entropy);
            }
        }
        renew(new RestoreReport());
    }

    /**
     * The app's threads go on at once after a restore. Those that ask for a secure random number wait until there are new ones: nested calls, since
     * these locks are monitors.
     */
    @Override
    public void holding(Runnable body) {
        List<Object> locks = new ArrayList<>();
        try {
            if (secure != null) {
                locks = secure.locks();
            }
        } catch (ReflectiveOperationException | RuntimeException failure) {
            problems.add("a few secure random numbers may repeat: " + failure);
        }
        holding(locks, Math.max(0, locks.size() - MOST_HELD), body);
    }

    private static void holding(List<Object> locks, int from, Runnable body) {
        if (from == locks.size()) {
            body.run();
        } else {
            synchronized (locks.get(from)) {
                holding(locks, from + 1, body);
            }
        }
    }

    @Override
    public Map<String, Object> refresh(RestoreInput input, RestoreReport report) throws ReflectiveOperationException, IOException {
        for (String problem : problems) {
            report.warn(problem);
        }
        return renew(report);
    }

    private Map<String, Object> renew(RestoreReport report) throws ReflectiveOperationException, IOException {
        int generators = 0;
        try (Entropy entropy = new Entropy()) {
            if (secure != null) {
                try {
                    generators = secure.reseed(entropy);
                } catch (ReflectiveOperationException | RuntimeException failure) {
                    report.warn("generators made by SecureRandom may repeat: " + failure);
                }
            }
            if (plain != null) {
                plain.reseed(entropy);
            }
        }
        return facts(generators);
    }

    private static Map<String, Object> facts(int generators) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("generators", generators);
        return facts;
    }
}
