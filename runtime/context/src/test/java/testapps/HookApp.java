package testapps;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.crac.CheckpointException;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.crac.RestoreException;

/** An app that does what the lines on its standard input say, and answers on standard output. */
public final class HookApp {
    private static final List<Resource> HELD = new ArrayList<>();
    private static final List<ClassLoader> LOADERS = new ArrayList<>();
    private static final Map<String, String> ENVIRONMENT_OF_THE_START = System.getenv();

    private HookApp() {
    }

    public static void main(String[] arguments) throws Exception {
        say("started");
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ");
                perform(words[0], words.length > 1 ? words[1] : null, words.length > 2 ? words[2] : null);
            }
        }
    }

    static synchronized void say(String line) {
        System.out.println(line);
    }

    private static void perform(String command, String first, String second) throws Exception {
        switch (command) {
            case "register":
                register(resource(first, second));
                say("registered " + second);
                break;
            case "register-unheld":
                Core.getGlobalContext().register(new Unheld(first));
                say("registered " + first);
                break;
            case "register-again":
                Core.getGlobalContext().register(HELD.get(Integer.parseInt(first)));
                say("registered again");
                break;
            case "context-loader":
                LOADERS.add(new NamedLoader(first));
                Thread.currentThread().setContextClassLoader(LOADERS.get(LOADERS.size() - 1));
                say("context loader " + first);
                break;
            case "checkpoint":
                say("checkpoint: " + checkpoint());
                break;
            case "checkpoint-in-thread":
                new Thread(() -> say("checkpoint in thread: " + checkpoint())).start();
                break;
            case "interrupted-checkpoint":
                interruptedCheckpoint();
                break;
            case "getenv":
                say("getenv " + first + "=" + System.getenv(first) + " held=" + ENVIRONMENT_OF_THE_START.get(first));
                break;
            case "environment":
                say("environment " + new TreeMap<>(System.getenv()));
                break;
            case "child":
                child(new ProcessBuilder("env"));
                break;
            case "child-with-own-variable":
                ProcessBuilder builder = new ProcessBuilder("env");
                builder.environment().put("OWN", "1");
                child(builder);
                break;
            case "threads":
                say("threads " + names(Thread.getAllStackTraces().keySet()));
                break;
            case "core":
                say("core from " + Core.class.getProtectionDomain().getCodeSource().getLocation().getPath()
                        + " loader " + Core.class.getClassLoader().getClass().getSimpleName()
                        + " compat " + System.getProperty("org.crac.Core.Compat"));
                break;
            case "opened":
                say("opened " + Object.class.getModule().isOpen("jdk.internal.misc", HookApp.class.getModule()));
                break;
            default:
                throw new IllegalArgumentException(command);
        }
    }

    private static void register(Resource resource) {
        HELD.add(resource);
        Core.getGlobalContext().register(resource);
    }

    private static Resource resource(String kind, String name) {
        switch (kind) {
            case "ok":
                return new Working(name);
            case "fails-before":
                return new FailingBefore(name);
            case "fails-after":
                return new FailingAfter(name);
            case "hangs":
                return new Hanging(name);
            case "recursive":
                return new Recursive(name);
            case "registers":
                return new Registering(name);
            default:
                throw new IllegalArgumentException(kind);
        }
    }

    private static String checkpoint() {
        try {
            Core.checkpointRestore();
            return "restored";
        } catch (CheckpointException | RestoreException | UnsupportedOperationException e) {
            return e.getClass().getSimpleName() + " " + Arrays.toString(e.getSuppressed());
        }
    }

    private static void interruptedCheckpoint() {
        Thread main = Thread.currentThread();
        Thread interrupter = new Thread(() -> {
            while (!isAsleep(main)) {
                Thread.onSpinWait();
            }
            main.interrupt();
            say("interrupted");
        });
        interrupter.start();
        String outcome = checkpoint();
        say("checkpoint: " + outcome + " interrupted=" + Thread.interrupted());
    }

    private static boolean isAsleep(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (frame.getMethodName().equals("sleep")) {
                return true;
            }
        }
        return false;
    }

    private static void child(ProcessBuilder builder) throws Exception {
        Process child = builder.redirectErrorStream(true).start();
        List<String> lines = new ArrayList<>();
        try (BufferedReader out = new BufferedReader(new InputStreamReader(child.getInputStream()))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
            }
        }
        child.waitFor();
        lines.sort(null);
        say("child " + lines);
    }

    private static List<String> names(Iterable<Thread> threads) {
        List<String> names = new ArrayList<>();
        for (Thread thread : threads) {
            names.add(thread.getName());
        }
        names.sort(null);
        return names;
    }

    /** A class loader that can be told from others. */
    static final class NamedLoader extends ClassLoader {
        private final String label;

        NamedLoader(String label) {
            super(NamedLoader.class.getClassLoader());
            this.label = label;
        }

        @Override
        public String toString() {
            return label;
        }
    }

    static class Working implements Resource {
        final String name;

        Working(String name) {
            this.name = name;
        }

        @Override
        public void beforeCheckpoint(Context<? extends Resource> context) throws Exception {
            Thread thread = Thread.currentThread();
            say("before " + name + " daemon=" + thread.isDaemon() + " loader=" + thread.getContextClassLoader());
        }

        @Override
        public void afterRestore(Context<? extends Resource> context) throws Exception {
            say("after " + name + " VARIABLE=" + System.getenv("VARIABLE"));
        }
    }

    static final class Unheld extends Working {
        Unheld(String name) {
            super(name);
        }
    }

    static final class FailingBefore extends Working {
        FailingBefore(String name) {
            super(name);
        }

        @Override
        public void beforeCheckpoint(Context<? extends Resource> context) throws Exception {
            super.beforeCheckpoint(context);
            throw new IllegalStateException("\"quoted\" \\ tab\there\nsecond line \u0001 \ud83d\ude00 half \ud83d");
        }
    }

    static final class FailingAfter extends Working {
        FailingAfter(String name) {
            super(name);
        }

        @Override
        public void afterRestore(Context<? extends Resource> context) throws Exception {
            super.afterRestore(context);
            throw new AssertionError("no way back");
        }
    }

    static final class Hanging extends Working {
        Hanging(String name) {
            super(name);
        }

        @Override
        public void beforeCheckpoint(Context<? extends Resource> context) throws Exception {
            super.beforeCheckpoint(context);
            new java.util.concurrent.CountDownLatch(1).await();
        }
    }

    static final class Recursive extends Working {
        Recursive(String name) {
            super(name);
        }

        @Override
        public void beforeCheckpoint(Context<? extends Resource> context) throws Exception {
            super.beforeCheckpoint(context);
            say("recursive: " + checkpoint());
        }
    }

    /** Registers another Resource from a hook, in another thread, and waits for that. */
    static final class Registering extends Working {
        Registering(String name) {
            super(name);
        }

        @Override
        public void beforeCheckpoint(Context<? extends Resource> context) throws Exception {
            super.beforeCheckpoint(context);
            Thread thread = new Thread(() -> register(new Working("late")));
            thread.start();
            thread.join();
            say("registered late");
        }
    }
}
