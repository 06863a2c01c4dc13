package testapps;

/** Prints what the agent could have changed in a JVM that is none of its business. */
public final class PlainApp {
    private PlainApp() {
    }

    public static void main(String[] arguments) {
        System.out.println("compat " + System.getProperty("org.crac.Core.Compat"));
        System.out.println("argument " + System.getProperty("some.property"));
        System.out.println("opened " + Object.class.getModule().isOpen("jdk.internal.misc", PlainApp.class.getModule()));
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().contains("crac")) {
                System.out.println("thread " + thread.getName());
            }
        }
    }
}
