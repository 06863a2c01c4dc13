package testapps;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;

/** Apart from the app, which mostly runs without Netty. */
final class EventLoopTasks {
    private EventLoopTasks() {
    }

    /** Several at once: when one runs, others are due and out of the queue. */
    static EventExecutor schedule(long period) {
        EventExecutor loop = new DefaultEventExecutor();
        for (String name : new String[] {"loop", "loop2", "loop3"}) {
            loop.scheduleAtFixedRate(new CorrectApp.Counting(name), period, period, TimeUnit.MILLISECONDS);
        }
        loop.scheduleWithFixedDelay(new CorrectApp.Counting("delay"), period, period, TimeUnit.MILLISECONDS);
        loop.schedule(new CorrectApp.Counting("once"), 1, TimeUnit.HOURS);
        return loop;
    }
}
