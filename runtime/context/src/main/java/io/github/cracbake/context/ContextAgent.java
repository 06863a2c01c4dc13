package io.github.cracbake.context;

import io.github.cracbake.context.restore.RestoreSteps;
import java.lang.instrument.Instrumentation;

/** The agent's entry. Whatever goes wrong in here, the app starts. */
public final class ContextAgent {
    private static boolean active;

    private ContextAgent() {
    }

    /**
     * @param arguments as {@link AgentOptions} reads them
     */
    public static void premain(String arguments, Instrumentation instrumentation) {
        try {
            AgentOptions options = new AgentOptions(arguments);
            HandOver handOver = new HandOver(options.folder);
            // Named twice, on the command line and in JAVA_TOOL_OPTIONS, it runs twice.
            if (!active && Claim.take(handOver)) {
                active = true;
                activate(handOver, options, instrumentation);
            }
        } catch (Throwable failure) {
            complain("the context agent could not be set up", failure);
        }
    }

    private static void activate(HandOver handOver, AgentOptions options, Instrumentation instrumentation) {
        boolean done = false;
        try {
            RestoreSteps steps = RestoreSteps.prepare(instrumentation, options.leftOut, options.hidden);
            Checkpoint checkpoint = new Checkpoint(handOver, Core.globalContext(), steps, options.afterRestoreMillis);
            Core.install(checkpoint);
            System.setProperty("org.crac.Core.Compat", Core.class.getPackage().getName());
            TriggerWatch.start(handOver, checkpoint);
            done = true;
        } finally {
            if (!done) {
                Claim.release(handOver);
            }
        }
    }

    static void complain(String what, Throwable cause) {
        System.err.println("crac-bake: " + what + ": " + HookReport.text(cause).replace('\n', ' '));
    }
}
