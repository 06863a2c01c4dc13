package standin;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import jdk.crac.CheckpointException;
import jdk.crac.RestoreException;

/** One checkpoint, in the order and with the words of a CRaC JDK 17 (jdk.crac.Core, crac.cpp). */
public final class Checkpoint {
    private static final long POLL_MS = 2;
    private static final String PID = String.valueOf(ProcessHandle.current().pid());

    /** What is told before the dump begins: the answer to jcmd. */
    interface Reply {
        void send() throws IOException;
    }

    private Checkpoint() {
    }

    /** Returns in the restored process. `reply` is null where the app asked itself. */
    public static synchronized void run(GlobalContext context, Reply reply) throws CheckpointException, RestoreException {
        log("Starting checkpoint");
        CheckpointException failure = new CheckpointException();
        String main = "";
        try {
            context.beforeCheckpoint(null);
        } catch (CheckpointException e) {
            failure = e;
        }
        if (failure.getSuppressed().length == 0) {
            System.gc();
            List<Exception> open = OpenFiles.refused();
            for (Exception each : open) failure.addSuppressed(each);
            if (!open.isEmpty() && !Boolean.getBoolean("jdk.crac.collect-fd-stacktraces"))
                log("Use -Djdk.crac.collect-fd-stacktraces=true to find the source.");
        }
        if (failure.getSuppressed().length == 0) {
            if (StandIn.SETTINGS.get("to").isEmpty()) failure.addSuppressed(new RuntimeException("C/R is not configured"));
            else main = dump(reply, failure);
        }
        if (failure.getSuppressed().length > 0) {
            try {
                context.afterRestore(null);
            } catch (RestoreException e) {
                for (Throwable each : e.getSuppressed()) failure.addSuppressed(each);
            }
            throw failure;
        }
        if (!main.isEmpty()) callMain(main);
        context.afterRestore(null);
    }

    /** Lets the engine dump this process and waits until it is told how that went. Returns the new main, or "". */
    private static String dump(Reply reply, CheckpointException failure) {
        Path resume = Path.of("/dev/shm/crac_resume_" + PID);
        try {
            Files.deleteIfExists(resume);
            if (reply == null) System.out.println("CR: Checkpoint ...");
            else reply.send();
            AttachListener.close();
            List<String> command = List.of(StandIn.SETTINGS.get("engine"), "checkpoint", PID, StandIn.SETTINGS.get("to"));
            new ProcessBuilder(command).inheritIO().start().waitFor();
            while (!Files.exists(resume)) Thread.sleep(POLL_MS);
            String value = Files.readString(resume);
            Files.delete(resume);
            if (!value.equals("-1")) return NewArguments.take(value);
            System.out.println("JVM: invalid info for restore provided: queued code -1");
        } catch (IOException | InterruptedException e) {
            System.out.println("JVM: " + e);
        }
        failure.addSuppressed(new RuntimeException("Native checkpoint failed."));
        return "";
    }

    private static void callMain(String words) throws RestoreException {
        String[] all = words.split(" ");
        List<String> arguments = new ArrayList<>(List.of(all).subList(1, all.length));
        try {
            Method main = Class.forName(all[0], true, ClassLoader.getSystemClassLoader()).getDeclaredMethod("main", String[].class);
            main.setAccessible(true);
            main.invoke(null, (Object) arguments.toArray(new String[0]));
        } catch (ReflectiveOperationException e) {
            RestoreException failure = new RestoreException();
            failure.addSuppressed(e);
            throw failure;
        }
    }

    private static void log(String text) {
        Logger.getLogger("jdk.crac").logp(Level.INFO, "jdk.internal.crac.LoggerContainer", "info", text);
    }
}
