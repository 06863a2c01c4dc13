package io.github.cracbake.context.restore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** What the restore side hands over: the new container's environment and arguments, as bytes, since neither need be text. */
public final class RestoreInput {
    /** {@code NAME=value} each; null when there was none. */
    public final List<byte[]> environment;
    /** What follows the image's name in {@code docker run}; null when there was none. */
    public final List<byte[]> arguments;
    public final Gap gap;

    /** From NUL-separated bytes; a NUL at the end is allowed. */
    public RestoreInput(byte[] environment, byte[] arguments, Gap gap) {
        this.gap = gap;
        this.environment = environment == null ? null : split(environment);
        this.arguments = arguments == null ? null : split(arguments);
    }

    private static List<byte[]> split(byte[] bytes) {
        List<byte[]> parts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                parts.add(Arrays.copyOfRange(bytes, start, i));
                start = i + 1;
            }
        }
        if (start < bytes.length) {
            parts.add(Arrays.copyOfRange(bytes, start, bytes.length));
        }
        return Collections.unmodifiableList(parts);
    }
}
