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

    /** By how much more {@code System.nanoTime} went, in nanoseconds, than time really passed, as far as the wall clock tells; that may have gone backwards. */
    public long ahead() {
        return nanos - Math.max(0, wallMillis) * 1_000_000L;
    }

    /**
     * When a task at a fixed rate is due that was due at {@code time}: later by the gap, and without the runs that it missed beside the dump, while its
     * scheduler was paused or its queue was held. All in nanoseconds.
     */
    public long nextRun(long time, long period, long now) {
        long moved = time + nanos;
        long late = now - moved;
        return this == NONE || late < period ? moved : moved + late - late % period;
    }
}
