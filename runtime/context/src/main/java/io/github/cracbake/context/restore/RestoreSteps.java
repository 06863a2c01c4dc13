package io.github.cracbake.context.restore;

import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The steps in their order. One that cannot do its work is a warning, not a failed restore. */
public final class RestoreSteps {
    /** Features that C2 uses in what a JVM compiles of its own start; of the others, GFNI is for reversing bits and SERIALIZE in no compiled code. */
    private static final List<String> COMPILED_EARLY = Arrays.asList("bmi1", "bmi2", "lzcnt");

    /**
     * Classes with a constructor without parameters, defined by {@link JdkAccessLoader}. The app's threads go on at once: what could harm most,
     * two processes with the same random numbers, is mended first.
     */
    private static final String[] CLASSES = {
        "RandomnessRefresh",
        "EnvironmentRefresh",
        "PropertiesRefresh",
        "AddressesRefresh",
        "ProcessRefresh",
        "ProcessorsRefresh",
        "SpringRefresh",
        "ScheduledRefresh",
        "MemoryRefresh",
        "ProcessorFeatures",
    };

    private final Instrumentation instrumentation;
    private final JdkAccessLoader loader;
    private final List<RestoreStep> steps = new ArrayList<>();
    private final List<String> unavailable = new ArrayList<>();

    private RestoreSteps(Instrumentation instrumentation, JdkAccessLoader loader) {
        this.instrumentation = instrumentation;
        this.loader = loader;
    }

    /**
     * Finds all that the steps need in this JDK; what is missing is said after the restore.
     *
     * @param leftOut names of classes that are switched off
     * @param unwanted features of this processor, in the JVM's words, that the restored process must not use
     */
    public static RestoreSteps prepare(Instrumentation instrumentation, Set<String> leftOut, Collection<String> unwanted) {
        JdkAccessLoader loader = new JdkAccessLoader();
        RestoreSteps prepared = new RestoreSteps(instrumentation, loader);
        try {
            loader.openJdk(instrumentation);
        } catch (RuntimeException | LinkageError refused) {
            prepared.unavailable.add("the JDK's internals could not be opened: " + refused);
        }
        for (String name : CLASSES) {
            if (!leftOut.contains(name)) {
                try {
                    RestoreStep step = loader.create(name, RestoreStep.class);
                    step.atStart(unwanted);
                    prepared.steps.add(step);
                } catch (Exception | LinkageError missing) {
                    prepared.unavailable.add(name + " does not work on this JDK: " + cause(missing));
                }
            }
        }
        if (!Collections.disjoint(unwanted, COMPILED_EARLY)) {
            try {
                discardCompiled(instrumentation);
            } catch (Exception | LinkageError refused) {
                prepared.unavailable.add("what was compiled before the agent's start could not be discarded: " + refused);
            }
        }
        return prepared;
    }

    /**
     * What C2 has compiled until now may use every feature: String.length() shifts by SARX. Where a class is retransformed, though to itself, the code
     * that depends on its methods is discarded (VM_RedefineClasses::flush_dependent_code in jvmtiRedefineClasses.cpp). Once, at bake.
     */
    private static void discardCompiled(Instrumentation instrumentation) throws UnmodifiableClassException {
        List<Class<?>> classes = new ArrayList<>();
        for (Class<?> loaded : instrumentation.getAllLoadedClasses()) {
            if (instrumentation.isModifiableClass(loaded)) {
                classes.add(loaded);
            }
        }
        instrumentation.retransformClasses(classes.toArray(new Class<?>[0]));
    }

    /** See {@link RestoreStep#rehearse}. A failure here mostly comes again in {@link #run}; it is reported in both places. */
    public BeforeDump rehearse(Collection<?> resources) {
        BeforeDump dump = new BeforeDump(instrumentation, resources);
        RestoreReport report = new RestoreReport();
        RestoreInput input = new RestoreInput(new byte[] {'A', '=', 'b', 0}, new byte[] {'-', 'D'}, Gap.NONE);
        for (RestoreStep step : steps) {
            try {
                step.rehearse(input, dump);
                // Only so that this, too, has been run once.
                note(step, System.nanoTime(), new LinkedHashMap<String, Object>(), report);
            } catch (Exception | LinkageError failure) {
                dump.warn(step.name() + " will not be refreshed: " + cause(failure));
            }
        }
        return dump;
    }

    /** For a rehearsal: tasks at a fixed rate, and who holds what is open. Only what this needs is loaded. */
    public BeforeDump examine() {
        BeforeDump dump = new BeforeDump(instrumentation, Collections.emptyList());
        try {
            loader.create("ScheduledRefresh", RestoreStep.class)
                .rehearse(new RestoreInput(new byte[0], new byte[0], Gap.NONE), dump);
        } catch (Exception | LinkageError failure) {
            dump.warn("tasks at a fixed rate are not known: " + cause(failure));
        }
        try {
            loader.create("OpenFiles", Finder.class).find(dump);
        } catch (Exception | LinkageError | OutOfMemoryError failure) {
            dump.warn("who holds what is open is not known: " + cause(failure));
        }
        return dump;
    }

    /** See {@link RestoreStep#notice}. */
    public void notice() {
        for (RestoreStep step : steps) {
            try {
                step.notice();
            } catch (Exception | LinkageError failure) {
                // It comes again in rehearse, and is reported there.
            }
        }
    }

    /** See {@link RestoreStep#settle}. */
    public void settle(BeforeDump dump) {
        for (RestoreStep step : steps) {
            try {
                step.settle();
            } catch (Exception | LinkageError failure) {
                dump.warn(step.name() + ": " + cause(failure));
            }
        }
    }

    /** Runs {@code body}, in which the dump happens and {@link #run} is called, with all held that has to be. */
    public void holding(Runnable body) {
        holding(0, body);
    }

    private void holding(int from, Runnable body) {
        for (int i = from; i < steps.size(); i++) {
            if (steps.get(i) instanceof HoldingStep) {
                int next = i + 1;
                ((HoldingStep) steps.get(i)).holding(() -> holding(next, body));
                return;
            }
        }
        body.run();
    }

    public void run(RestoreInput input, RestoreReport report) {
        for (String missing : unavailable) {
            report.warn(missing);
        }
        for (RestoreStep step : steps) {
            long start = System.nanoTime();
            Map<String, Object> facts = new LinkedHashMap<>();
            try {
                facts = step.refresh(input, report);
            } catch (Exception | LinkageError failure) {
                report.warn(step.name() + " not refreshed: " + cause(failure));
            }
            note(step, start, facts, report);
        }
    }

    private static void note(RestoreStep step, long startNanos, Map<String, Object> facts, RestoreReport report) {
        Map<String, Object> timed = new LinkedHashMap<>();
        timed.put("elapsedMs", Math.round((System.nanoTime() - startNanos) / 1000.0) / 1000.0);
        timed.putAll(facts);
        report.add(step.name(), timed);
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof InvocationTargetException ? failure.getCause() : failure;
    }
}
