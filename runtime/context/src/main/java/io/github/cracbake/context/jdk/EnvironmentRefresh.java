package io.github.cracbake.context.jdk;

import io.github.cracbake.context.restore.BeforeDump;
import io.github.cracbake.context.restore.RestoreInput;
import io.github.cracbake.context.restore.RestoreReport;
import io.github.cracbake.context.restore.RestoreStep;
import java.util.LinkedHashMap;
import java.util.Map;

/** The environment of the new container in place of that of the bake: for {@code System.getenv}, and for child processes. */
public final class EnvironmentRefresh implements RestoreStep {
    private final JavaEnvironment java;
    /** Null where it cannot be reached. */
    private final LibcEnvironment libc;
    private final String libcProblem;

    public EnvironmentRefresh() throws ReflectiveOperationException {
        java = new JavaEnvironment();
        LibcEnvironment found = null;
        String problem = null;
        try {
            found = new LibcEnvironment();
        } catch (ReflectiveOperationException | RuntimeException | LinkageError missing) {
            problem = missing.toString();
        }
        libc = found;
        libcProblem = problem;
    }

    @Override
    public String name() {
        return "environment";
    }

    @Override
    public void rehearse(RestoreInput example, BeforeDump dump) throws ReflectiveOperationException {
        java.rehearse(example.environment);
        if (libc != null) {
            libc.rehearse(example.environment);
        }
        facts(0, false);
    }

    @Override
    public Map<String, Object> refresh(RestoreInput input, RestoreReport report) throws ReflectiveOperationException {
        if (input.environment == null) {
            return facts(System.getenv().size(), false);
        }
        java.replace(input.environment);
        boolean done = false;
        if (libc != null) {
            try {
                libc.replace(input.environment);
                done = true;
            } catch (ReflectiveOperationException | RuntimeException failure) {
                report.warn("child processes get the environment of the bake: " + failure);
            }
        } else {
            report.warn("child processes get the environment of the bake: " + libcProblem);
        }
        return facts(System.getenv().size(), done);
    }

    private static Map<String, Object> facts(int variables, boolean done) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("variables", variables);
        facts.put("native", done);
        return facts;
    }
}
