package io.github.cracbake.context;

/** A failed checkpoint. What went wrong is in the suppressed exceptions: those are all that {@code org.crac} hands on. */
public final class CheckpointException extends Exception {
    private static final long serialVersionUID = 1L;

    public CheckpointException() {
    }

    public CheckpointException(String message) {
        super(message);
    }
}
