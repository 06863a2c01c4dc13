package io.github.cracbake.context;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file {@code agent}: which JVM of the container is the one to be frozen. {@code JAVA_TOOL_OPTIONS} puts the agent into all of them
 * (jcmd, a start script's {@code java -version}, child processes); the first that is alive keeps the claim, of those that are meant.
 */
final class Claim {
    private static final String NAME = "agent";
    private static final Pattern PID = Pattern.compile("\"pid\"\\s*:\\s*(\\d{1,18})");
    private static final int TRIES = 5;

    private Claim() {
    }

    /** Whether this JVM is the one. */
    static boolean take(HandOver handOver) throws IOException {
        // A JVM of another user may not even look inside.
        if (!handOver.folder.isDirectory() || !handOver.folder.canWrite()) {
            return false;
        }
        if (!isMeant(handOver)) {
            return false;
        }
        for (int i = 0; i < TRIES; i++) {
            byte[] claim = handOver.read(NAME);
            if (claim != null && (isOfLivingOther(claim) || !remove(claim, handOver))) {
                return false;
            }
            if (create(handOver)) {
                return true;
            }
        }
        return false;
    }

    /** Where the file {@code process} has a pattern, only a JVM whose command line matches it is the one. */
    private static boolean isMeant(HandOver handOver) throws IOException {
        byte[] pattern = handOver.read("process");
        if (pattern == null) {
            return true;
        }
        byte[] words = Files.readAllBytes(new File("/proc/self/cmdline").toPath());
        String command = new String(words, StandardCharsets.UTF_8).replace('\0', ' ').trim();
        return Pattern.compile(new String(pattern, StandardCharsets.UTF_8)).matcher(command).find();
    }

    static void release(HandOver handOver) {
        handOver.delete(NAME);
    }

    private static boolean create(HandOver handOver) throws IOException {
        File ours = handOver.unfinished(NAME, HandOver.identity());
        try {
            return link(ours, handOver);
        } finally {
            ours.delete();
        }
    }

    /** A hard link is made exclusively, and its content is whole from the first moment. */
    private static boolean link(File ours, HandOver handOver) throws IOException {
        try {
            Files.createLink(handOver.file(NAME).toPath(), ours.toPath());
            return true;
        } catch (FileAlreadyExistsException taken) {
            return false;
        }
    }

    /** Removes the claim of a process that is gone; false when another JVM was quicker and the claim is now its own. */
    private static boolean remove(byte[] claim, HandOver handOver) throws IOException {
        File aside = handOver.file("." + NAME + ".gone." + ProcessHandle.current().pid());
        if (!handOver.file(NAME).renameTo(aside)) {
            return true;
        }
        try {
            if (Arrays.equals(claim, Files.readAllBytes(aside.toPath()))) {
                return true;
            }
            link(aside, handOver);
            return false;
        } finally {
            aside.delete();
        }
    }

    private static boolean isOfLivingOther(byte[] claim) {
        Matcher pid = PID.matcher(new String(claim, StandardCharsets.UTF_8));
        if (!pid.find()) {
            return false;
        }
        long claimed = Long.parseLong(pid.group(1));
        return claimed != ProcessHandle.current().pid() && isAlive(claimed);
    }

    /**
     * By {@code /proc/PID/status}. A zombie is not alive, and neither is a thread of another process that has the number now
     * ({@code /proc/TID} can be opened too).
     */
    private static boolean isAlive(long pid) {
        String status;
        try {
            status = new String(Files.readAllBytes(new File("/proc/" + pid + "/status").toPath()), StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return false;
        }
        return status.contains("\nTgid:\t" + pid + "\n") && !status.contains("\nState:\tZ") && !status.contains("\nState:\tX");
    }
}
