package io.github.cracbake.context;

/**
 * Waits for the file {@code trigger} and runs the checkpoint then; for the file {@code examine}, and says what is open.
 *
 * <p>The wait is a daemon thread's. The checkpoint gets a thread that is none: the hooks may end the last other thread that keeps the JVM alive
 * (a server's), and the threads that hooks start after the restore inherit the kind.
 */
final class TriggerWatch implements Runnable {
    /** Milliseconds between two looks for the file. */
    private static final long POLL = 10;

    private final HandOver handOver;
    private final Checkpoint checkpoint;

    private TriggerWatch(HandOver handOver, Checkpoint checkpoint) {
        this.handOver = handOver;
        this.checkpoint = checkpoint;
    }

    static void start(HandOver handOver, Checkpoint checkpoint) {
        Thread thread = new Thread(null, new TriggerWatch(handOver, checkpoint), "crac-bake trigger", 0, false);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        while (!checkpoint.isRestored()) {
            try {
                if (handOver.delete("examine")) {
                    checkpoint.examine();
                }
                if (checkpoint.isIdle() && handOver.delete("trigger")) {
                    Thread thread = new Thread(null, new Triggered(checkpoint), "crac-bake checkpoint", 0, false);
                    thread.setDaemon(false);
                    thread.start();
                    thread.join();
                }
                Thread.sleep(POLL);
            } catch (InterruptedException ignored) {
                // Somebody interrupts every thread it finds; ours goes on.
            }
        }
    }

    private static final class Triggered implements Runnable {
        private final Checkpoint checkpoint;

        Triggered(Checkpoint checkpoint) {
            this.checkpoint = checkpoint;
        }

        @Override
        public void run() {
            try {
                checkpoint.run("agent", true);
            } catch (CheckpointException | RestoreException reported) {
                // The file `failed` says it all; nobody called us.
            } catch (Throwable bug) {
                ContextAgent.complain("the checkpoint broke off", bug);
            }
        }
    }
}
