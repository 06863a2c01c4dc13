package io.github.cracbake.context.restore;

/** How far the clocks went while the process was frozen. */
public final class Gap {
    public static final Gap NONE = new Gap(0, 0);

    /** Of {@code System.nanoTime}. */
    public final long nanos;
    /** Of {@code System.currentTimeMillis}; negative where the new host's clock is behind. */
    public final long wallMillis;

    public Gap(long nanos, long wallMillis) {
        this.nanos = nanos;
        this.wallMillis = wallMillis;
    }

    /** The time that really passed, as far as the wall clock tells; none where it went backwards. */
    public long passedNanos() {
        return Math.max(0, wallMillis) * 1_000_000L;
    }
}
