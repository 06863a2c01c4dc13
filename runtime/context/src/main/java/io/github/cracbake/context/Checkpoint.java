package io.github.cracbake.context;

import io.github.cracbake.context.restore.BeforeDump;
import io.github.cracbake.context.restore.Gap;
import io.github.cracbake.context.restore.RestoreReport;
import io.github.cracbake.context.restore.RestoreSteps;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** One checkpoint and restore: hooks, wait in the dump, refresh, hooks. */
final class Checkpoint {
    private enum State { IDLE, RUNNING, RESTORED }

    /** An app that always works is frozen at work. */
    private static final long REST_MILLIS = 1000;

    private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);
    private final HandOver handOver;
    private final GlobalContext context;
    private final RestoreSteps steps;
    private final long afterRestoreMillis;

    Checkpoint(HandOver handOver, GlobalContext context, RestoreSteps steps, long afterRestoreMillis) {
        this.handOver = handOver;
        this.context = context;
        this.steps = steps;
        this.afterRestoreMillis = afterRestoreMillis;
    }

    boolean isIdle() {
        return state.get() == State.IDLE;
    }

    boolean isRestored() {
        return state.get() == State.RESTORED;
    }

    /**
     * Returns in the restored process.
     *
     * @param trigger {@code agent} or {@code app}
     * @param ownThread whether the calling thread is the agent's
     */
    void run(String trigger, boolean ownThread) throws CheckpointException, RestoreException {
        if (!state.compareAndSet(State.IDLE, State.RUNNING)) {
            throw refused(isRestored()
                    ? "this process is a restored one already; nothing would dump it again"
                    : "another checkpoint of this process is running");
        }
        State after = State.IDLE;
        try {
            Hooks hooks = new Hooks(context, ownThread);
            List<HookTarget> targets = new ArrayList<>();
            Passage passage = freeze(trigger, hooks, targets);
            after = State.RESTORED;
            restore(targets, hooks, passage);
            if (passage.interrupted) {
                Thread.currentThread().interrupt();
            }
        } finally {
            state.set(after);
        }
    }

    /** For a rehearsal: writes the file {@code examined}. Nothing of the app is run or changed. */
    void examine() {
        try {
            long start = System.nanoTime();
            Map<String, Object> json = HandOver.identity();
            List<String> resources = new ArrayList<>();
            for (HookTarget target : context.living()) {
                resources.add(target.className);
            }
            json.put("resources", resources);
            BeforeDump dump = steps.examine();
            json.putAll(dump.found());
            json.put("warnings", dump.warnings());
            json.put("elapsedMs", Json.milliseconds(System.nanoTime() - start));
            handOver.write("examined", json);
        } catch (IOException | RuntimeException | Error failure) {
            ContextAgent.complain("the app could not be examined", failure);
        }
    }

    private static CheckpointException refused(String why) {
        CheckpointException refused = new CheckpointException(why);
        refused.addSuppressed(new IllegalStateException(why));
        return refused;
    }

    /** @param targets is filled */
    private Passage freeze(String trigger, Hooks hooks, List<HookTarget> targets) throws CheckpointException {
        List<HookReport> reports = new ArrayList<>();
        CheckpointException failure = new CheckpointException("the checkpoint failed");
        long elapsed = 0;
        try {
            handOver.delete("ready");
            handOver.delete("failed");
            Map<String, Object> begun = HandOver.identity();
            begun.put("trigger", trigger);
            handOver.write("checkpointing", begun);
            // Without it, whether a Resource that nobody holds still has its hooks run would be a matter of luck, at each bake anew.
            System.gc();
            targets.addAll(context.living());
            steps.notice();
            long start = System.nanoTime();
            reports.addAll(hooks.beforeCheckpoint(targets));
            elapsed = System.nanoTime() - start;
            if (!HookReport.addFailures(reports, failure)) {
                Passage passage = pass(report(trigger, reports, elapsed), targets);
                if (passage.unwritten == null) {
                    return passage;
                }
                failure.addSuppressed(passage.unwritten);
            }
        } catch (IOException | RuntimeException | Error broken) {
            failure.addSuppressed(broken);
        }
        List<HookReport> rollback = hooks.afterRestore(targets);
        HookReport.addFailures(rollback, failure);
        reports.addAll(rollback);
        Map<String, Object> json = report(trigger, reports, elapsed);
        json.put("error", HookReport.text(failure.getSuppressed()[0]));
        writeFailed(json, failure);
        throw failure;
    }

    private Passage pass(Map<String, Object> ready, List<HookTarget> targets) {
        long start = System.nanoTime();
        List<Object> resources = new ArrayList<>();
        for (HookTarget target : targets) {
            resources.add(target.subject);
        }
        BeforeDump dump = steps.rehearse(resources);
        // Loads their classes.
        new RestoreLimit(handOver, new Hooks(context, false), 0, ready).met();
        ClockReport.add(Gap.NONE, new RestoreReport());
        System.gc();
        steps.settle(dump);
        ready.putAll(dump.found());
        ready.put("warnings", dump.warnings());
        ready.put("preparedMs", Json.milliseconds(System.nanoTime() - start));
        // Queues of the app are held from here on, and none should be waiting for one of them.
        awaitRest();
        Passage passage = new Passage(handOver, steps, ready);
        steps.holding(passage);
        return passage;
    }

    private static void awaitRest() {
        try {
            new OtherThreads().awaitRest(REST_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (IOException unknown) {
            // No /proc to ask; it is no condition of the checkpoint.
        }
    }

    private Map<String, Object> report(String trigger, List<HookReport> reports, long elapsedNanos) {
        Map<String, Object> json = HandOver.identity();
        json.put("trigger", trigger);
        json.put("resources", HookReport.toJson(reports));
        json.put("collected", context.collected());
        json.put("elapsedMs", Json.milliseconds(elapsedNanos));
        return json;
    }

    private void writeFailed(Map<String, Object> json, Exception failure) {
        try {
            handOver.write("failed", json);
        } catch (IOException unwritable) {
            failure.addSuppressed(unwritable);
        }
    }

    private void restore(List<HookTarget> targets, Hooks hooks, Passage passage) throws RestoreException {
        RestoreReport refreshed = passage.refreshed;
        Map<String, Object> facts = new LinkedHashMap<>(refreshed.facts());
        facts.put("warnings", refreshed.warnings());
        RestoreLimit limit = new RestoreLimit(handOver, hooks, afterRestoreMillis, facts);
        limit.start();
        List<HookReport> reports = hooks.afterRestore(targets);
        handOver.delete("resume");

        RestoreException failure = new RestoreException("the restore failed");
        if (!limit.met()) {
            failure.addSuppressed(new IllegalStateException("afterRestore took longer than " + afterRestoreMillis + " ms"));
            throw failure;
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("resources", HookReport.toJson(reports));
        json.put("elapsedMs", Json.milliseconds(System.nanoTime() - passage.resumedAt));
        json.putAll(facts);
        if (HookReport.addFailures(reports, failure)) {
            writeFailed(json, failure);
            throw failure;
        }
        try {
            handOver.write("acknowledged", json);
        } catch (IOException unwritable) {
            failure.addSuppressed(unwritable);
            throw failure;
        }
    }
}
