package testapps.io.netty.util.concurrent;

import java.util.concurrent.Executor;

/** An event loop of a Netty in another package that keeps its tasks in another way. */
public final class AbstractScheduledEventExecutor implements Executor, Runnable {
    private volatile Thread thread;

    @Override
    public void run() {
        thread = Thread.currentThread();
        try {
            Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException ended) {
            thread = null;
        }
    }

    @Override
    public void execute(Runnable command) {
        throw new UnsupportedOperationException();
    }

    public boolean inEventLoop(Thread which) {
        return which == thread;
    }
}
