package io.github.cracbake.context;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.HashMap;
import java.util.Map;

/**
 * All threads of this process but the calling one, those of the JVM among them, as the kernel sees them. One that is about to schedule a task has
 * reckoned its time by the clock of before the dump; when it goes on after the restore, the task comes into a queue whose times have been mended already.
 */
final class OtherThreads {
    /** Milliseconds. */
    private static final long WINDOW = 40;
    /** Nanoseconds of work in one window; a JVM whose app does nothing needs a tenth of it. */
    private static final long LITTLE = 1_000_000;

    private static final Path TASKS = Paths.get("/proc/self/task");

    private final String caller;

    OtherThreads() throws IOException {
        caller = new File("/proc/thread-self").getCanonicalFile().getName();
    }

    /** Waits until they rest: have hardly worked for a moment, and none is about to. Returns false where they do not within the limit, in milliseconds. */
    boolean awaitRest(long limitMillis) throws InterruptedException {
        long end = System.nanoTime() + limitMillis * 1_000_000;
        Map<String, Long> before = worked();
        do {
            Thread.sleep(WINDOW);
            Map<String, Long> now = worked();
            if (between(before, now) <= LITTLE && !isAnyAtWork()) {
                return true;
            }
            before = now;
        } while (System.nanoTime() < end);
        return false;
    }

    private static long between(Map<String, Long> before, Map<String, Long> now) {
        long sum = 0;
        for (Map.Entry<String, Long> thread : now.entrySet()) {
            sum += thread.getValue() - before.getOrDefault(thread.getKey(), 0L);
        }
        return sum;
    }

    /** Nanoseconds on a processor, by thread (Documentation/scheduler/sched-stats.rst); none where the kernel does not count them. */
    private Map<String, Long> worked() {
        Map<String, Long> worked = new HashMap<>();
        for (String thread : threads()) {
            String text = read(thread, "schedstat");
            if (!text.isEmpty()) {
                worked.put(thread, Long.parseLong(text.substring(0, text.indexOf(' '))));
            }
        }
        return worked;
    }

    /** One that is kept from its processor by others works too little to be told from one that rests. */
    private boolean isAnyAtWork() {
        for (String thread : threads()) {
            String text = read(thread, "stat");
            // "TID (name) R …"; the name may hold anything.
            int state = text.lastIndexOf(')') + 2;
            if (state > 1 && (text.charAt(state) == 'R' || text.charAt(state) == 'D')) {
                return true;
            }
        }
        return false;
    }

    private String[] threads() {
        String[] names = TASKS.toFile().list((folder, name) -> !name.equals(caller));
        return names == null ? new String[0] : names;
    }

    /** Empty where the thread has ended. */
    private static String read(String thread, String file) {
        try {
            return Files.readString(TASKS.resolve(thread).resolve(file));
        } catch (IOException gone) {
            return "";
        }
    }
}
