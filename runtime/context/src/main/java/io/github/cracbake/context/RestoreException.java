package io.github.cracbake.context;

/** A failed restore. What went wrong is in the suppressed exceptions: those are all that {@code org.crac} hands on. */
public final class RestoreException extends Exception {
    private static final long serialVersionUID = 1L;

    public RestoreException() {
    }

    public RestoreException(String message) {
        super(message);
    }
}
