package jdk.crac;

import standin.Checkpoint;
import standin.GlobalContext;

/** The entry of the CRaC API, as a CRaC JDK has it. */
public class Core {
    private static final GlobalContext GLOBAL = new GlobalContext();

    private Core() {
    }

    public static Context<Resource> getGlobalContext() {
        return GLOBAL;
    }

    public static void checkpointRestore() throws CheckpointException, RestoreException {
        Checkpoint.run(GLOBAL, null);
    }
}
