package io.github.cracbake.entry;

import java.lang.instrument.Instrumentation;

/**
 * What the JVM calls. Compiled for Java 8, unlike the rest: a JVM older than 11 ends when it cannot load its agent's class,
 * and there the app has to start all the same, only without hooks.
 */
public final class AgentEntry {
    private AgentEntry() {
    }

    /** @param arguments as {@code ContextAgent} takes them */
    public static void premain(String arguments, Instrumentation instrumentation) throws Exception {
        if (olderThan11(System.getProperty("java.specification.version", ""))) {
            return;
        }
        Class.forName("io.github.cracbake.context.ContextAgent")
            .getMethod("premain", String.class, Instrumentation.class)
            .invoke(null, arguments, instrumentation);
    }

    /** @param version {@code 1.8} up to Java 8, then {@code 9}, {@code 10}, {@code 11} */
    static boolean olderThan11(String version) {
        return version.startsWith("1.") || version.equals("9") || version.equals("10");
    }
}
