package io.github.cracbake.context.restore;

import java.util.Collection;
import java.util.Map;

/** One thing that is stale after a restore and is brought up to date. */
public interface RestoreStep {
    /** The key of this step's facts in {@code acknowledged}. */
    String name();

    /**
     * Before the app's first line.
     *
     * @param unwanted features of this processor, in the JVM's words, that the restored process must not use
     */
    default void atStart(Collection<String> unwanted) throws Exception {
    }

    /**
     * Before the dump, after the app's hooks: looks for what there is to do, and goes through {@link #refresh} without effect, so that all its
     * classes are loaded and linked when it counts.
     */
    void rehearse(RestoreInput example, BeforeDump dump) throws Exception;

    /** The last thing before the dump, after the garbage collection. */
    default void settle() throws Exception {
    }

    /**
     * After the restore, before the app's hooks.
     *
     * @param report takes warnings
     * @return facts for {@code acknowledged}
     */
    Map<String, Object> refresh(RestoreInput input, RestoreReport report) throws Exception;
}
