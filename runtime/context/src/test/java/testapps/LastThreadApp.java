package testapps;

import java.util.concurrent.CountDownLatch;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/** An app that lives by one thread, which its hooks end and start again, as those of a server do. */
public final class LastThreadApp implements Resource {
    private static LastThreadApp app;
    private CountDownLatch stop;
    private Thread server;

    public static void main(String[] arguments) {
        app = new LastThreadApp();
        app.serve();
        Core.getGlobalContext().register(app);
        System.out.println("started");
    }

    private void serve() {
        stop = new CountDownLatch(1);
        server = new Thread(() -> {
            try {
                stop.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        server.start();
    }

    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) throws Exception {
        stop.countDown();
        server.join();
    }

    @Override
    public void afterRestore(Context<? extends Resource> context) {
        serve();
        System.out.println("serving daemon=" + server.isDaemon());
    }
}
