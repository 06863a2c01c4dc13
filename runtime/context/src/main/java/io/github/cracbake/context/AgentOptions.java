package io.github.cracbake.context;

import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The agent's arguments: {@code name=value}, separated by commas. Unknown ones are ignored. */
final class AgentOptions {
    private static final long AFTER_RESTORE = 10_000;

    /** {@code folder}: the hand-over folder. */
    File folder = new File(HandOver.DEFAULT_FOLDER);
    /** {@code after-restore-ms}: how long all {@code afterRestore} may take together. */
    long afterRestoreMillis = AFTER_RESTORE;
    /** {@code scheduled=keep}, {@code memory=keep}: the restore steps that are switched off by it. */
    final Set<String> leftOut = new HashSet<>();
    /** {@code hide=serialize+gfni}: features of the processor, in the JVM's words, that it is to forget. */
    final List<String> hidden = new ArrayList<>();

    AgentOptions(String arguments) {
        if (arguments == null) {
            return;
        }
        for (String argument : arguments.split(",")) {
            int equals = argument.indexOf('=');
            if (equals > 0) {
                take(argument.substring(0, equals), argument.substring(equals + 1));
            }
        }
    }

    private void take(String name, String value) {
        switch (name) {
            case "folder":
                folder = new File(value);
                break;
            case "after-restore-ms":
                afterRestoreMillis = Long.parseLong(value);
                break;
            case "hide":
                hidden.addAll(Arrays.asList(value.split("\\+")));
                break;
            case "scheduled":
                keep(value, "ScheduledRefresh");
                break;
            case "memory":
                keep(value, "MemoryRefresh");
                break;
            default:
        }
    }

    private void keep(String value, String step) {
        if (value.equals("keep")) {
            leftOut.add(step);
        }
    }
}
