package io.github.cracbake.context.restore;

/** A step that keeps hold of something from before the dump until its refresh is done. */
public interface HoldingStep extends RestoreStep {
    /** Runs {@code body}, in which the dump and all refreshes happen. */
    void holding(Runnable body);
}
