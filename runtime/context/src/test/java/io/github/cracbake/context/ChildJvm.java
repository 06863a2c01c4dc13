package io.github.cracbake.context;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A JVM of its own, with a test app in it that answers line by line. */
final class ChildJvm implements AutoCloseable {
    /** Seconds; far above what anything here takes. */
    static final int PATIENCE = 60;
    static final String AGENT_JAR = System.getProperty("context.test.jar");
    static final String CRAC_JAR = System.getProperty("context.test.crac");
    static final String TEST_CLASSES = testapps.HookApp.class.getProtectionDomain().getCodeSource().getLocation().getPath();

    private final Process process;
    private final PrintStream in;
    private final List<String> out;
    private final List<String> err;

    private ChildJvm(Process process) {
        this.process = process;
        in = new PrintStream(process.getOutputStream(), true);
        out = collect(process.getInputStream());
        err = collect(process.getErrorStream());
    }

    /** Options and main class as on java's command line. */
    static ChildJvm start(Map<String, String> environment, String... arguments) throws IOException {
        return start(new String[0], environment, arguments);
    }

    /** @param prefix command that starts java */
    static ChildJvm start(String[] prefix, Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(Arrays.asList(prefix));
        command.add(java());
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            builder.environment().put(variable.getKey(), variable.getValue());
        }
        return new ChildJvm(builder.start());
    }

    /** The test app, without {@code org.crac} on its class path, and the agent over {@code folder}. */
    static ChildJvm startWithAgent(File folder, Map<String, String> environment) throws IOException {
        return start(environment, agent(folder), "-cp", TEST_CLASSES, "testapps.HookApp").expect("started");
    }

    static ChildJvm startWithAgent(File folder) throws IOException {
        return startWithAgent(folder, Map.of());
    }

    static String agent(File folder) {
        return "-javaagent:" + AGENT_JAR + "=folder=" + folder;
    }

    private static String java() {
        String chosen = System.getProperty("context.test.java", "");
        return chosen.isEmpty() ? System.getProperty("java.home") + "/bin/java" : chosen;
    }

    private static List<String> collect(InputStream stream) {
        List<String> lines = new ArrayList<>();
        Thread reader = new Thread(() -> {
            try (BufferedReader text = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = text.readLine(); line != null; line = text.readLine()) {
                    synchronized (lines) {
                        lines.add(line);
                        lines.notifyAll();
                    }
                }
            } catch (IOException closed) {
                // The process ended.
            }
        });
        reader.setDaemon(true);
        reader.start();
        return lines;
    }

    void send(String line) {
        in.println(line);
    }

    /** Sends a command and returns the answer, which begins with {@code prefix}. */
    String ask(String line, String prefix) {
        int before = stdout().size();
        send(line);
        return awaitLine(prefix, before);
    }

    ChildJvm expect(String prefix) {
        awaitLine(prefix, 0);
        return this;
    }

    private String awaitLine(String prefix, int from) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
        synchronized (out) {
            while (true) {
                for (String line : out.subList(from, out.size())) {
                    if (line.startsWith(prefix)) {
                        return line;
                    }
                }
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0 || !process.isAlive()) {
                    throw new AssertionError("no line '" + prefix + "…' in " + out + "; stderr " + stderr());
                }
                try {
                    out.wait(Math.min(left, 100));
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    List<String> stdout() {
        synchronized (out) {
            return new ArrayList<>(out);
        }
    }

    List<String> stderr() {
        synchronized (err) {
            return new ArrayList<>(err);
        }
    }

    /** Lines that hooks of the test app printed. */
    List<String> hooks() {
        List<String> hooks = new ArrayList<>();
        for (String line : stdout()) {
            if (line.startsWith("before ") || line.startsWith("after ")) {
                hooks.add(line.split(" ")[0] + " " + line.split(" ")[1]);
            }
        }
        return hooks;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int end() throws InterruptedException {
        in.close();
        if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
            throw new AssertionError("does not end; stdout " + stdout() + " stderr " + stderr());
        }
        // What it printed last may still be in the pipes.
        Thread.sleep(50);
        return process.exitValue();
    }

    /** As the end of a container. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
