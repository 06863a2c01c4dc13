package io.github.cracbake.context;

import io.github.cracbake.context.restore.Gap;
import io.github.cracbake.context.restore.RestoreInput;
import io.github.cracbake.context.restore.RestoreReport;
import io.github.cracbake.context.restore.RestoreSteps;
import java.io.IOException;

/** From {@code ready} through the dump to the end of the refresh: the part during which queues of the app are held. */
final class Passage implements Runnable {
    /** Milliseconds between two looks for {@code resume}. */
    private static final long RESUME_POLL = 1;
    /** Milliseconds: less is no gap, only a slow poll. */
    private static final long LEAST_GAP = 50;

    private final HandOver handOver;
    private final RestoreSteps steps;
    private final Object ready;

    /** Set when {@code ready} could not be written: there was no dump then. */
    IOException unwritten;
    boolean interrupted;
    Gap gap = Gap.NONE;
    /** {@code System.nanoTime} at the resume. */
    long resumedAt;
    RestoreReport refreshed;

    Passage(HandOver handOver, RestoreSteps steps, Object ready) {
        this.handOver = handOver;
        this.steps = steps;
        this.ready = ready;
    }

    @Override
    public void run() {
        try {
            handOver.write("ready", ready);
        } catch (IOException failure) {
            unwritten = failure;
            return;
        }
        awaitResume();
        resumedAt = System.nanoTime();
        refreshed = refresh();
    }

    /** The dump happens in here; it shows as the longest time between two looks. */
    private void awaitResume() {
        long nanos = System.nanoTime();
        long wall = System.currentTimeMillis();
        boolean waiting = true;
        while (waiting) {
            waiting = !handOver.has("resume");
            if (waiting) {
                try {
                    Thread.sleep(RESUME_POLL);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            long nowNanos = System.nanoTime();
            long nowWall = System.currentTimeMillis();
            long passed = Math.max(Math.abs(nowNanos - nanos) / 1_000_000, Math.abs(nowWall - wall));
            if (passed >= LEAST_GAP) {
                gap = new Gap(nowNanos - nanos, nowWall - wall);
            }
            nanos = nowNanos;
            wall = nowWall;
        }
    }

    private RestoreReport refresh() {
        RestoreReport report = new RestoreReport();
        byte[] environment = take("environment", report);
        byte[] arguments = take("arguments", report);
        ClockReport.add(gap, report);
        steps.run(new RestoreInput(environment, arguments, gap), report);
        return report;
    }

    /** Reads a file of the restore side and deletes it at once: the environment may hold secrets. */
    private byte[] take(String name, RestoreReport report) {
        try {
            byte[] content = handOver.read(name);
            if (content == null) {
                report.warn("the restore side gave no file '" + name + "'");
            } else {
                handOver.delete(name);
            }
            return content;
        } catch (IOException unreadable) {
            report.warn("cannot read '" + name + "': " + unreadable);
            return null;
        }
    }
}
