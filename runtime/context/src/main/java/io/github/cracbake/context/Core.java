package io.github.cracbake.context;

/** The entry that {@code org.crac.Core} calls. */
public final class Core {
    private static final GlobalContext GLOBAL_CONTEXT = new GlobalContext();
    private static volatile Checkpoint checkpoint;

    private Core() {
    }

    public static Context<Resource> getGlobalContext() {
        return GLOBAL_CONTEXT;
    }

    /** Runs the hooks, waits in the dump, and returns in the restored process. */
    public static void checkpointRestore() throws CheckpointException, RestoreException {
        Checkpoint current = checkpoint;
        if (current == null) {
            throw new UnsupportedOperationException("the context agent is not active in this JVM");
        }
        current.run("app", false);
    }

    static GlobalContext globalContext() {
        return GLOBAL_CONTEXT;
    }

    static void install(Checkpoint installed) {
        checkpoint = installed;
    }
}
