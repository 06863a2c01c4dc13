package testapps;

import java.io.FileOutputStream;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/** An app that holds files and sockets in its fields, and one in a local variable. */
public final class HoldingApp {
    private static final Resource POOL = new Pool();
    private static ScheduledExecutorService scheduler;
    private static Map<String, List<Journal>> journals;
    private static ServerSocketChannel channel;
    private static WatchService watch;

    private HoldingApp() {
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        Core.getGlobalContext().register(POOL);
        scheduler = Executors.newScheduledThreadPool(1);
        scheduler.scheduleAtFixedRate(new Beat(), 0, 50, TimeUnit.MILLISECONDS);
        journals = Map.of("first", List.of(new Journal(folder.resolve("journal"))));
        channel = ServerSocketChannel.open().bind(null);
        watch = FileSystems.getDefault().newWatchService();
        folder.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
        Thread holder = new Thread(new Holder(new ServerSocket(0)), "holder");
        holder.start();
        try (FileOutputStream local = new FileOutputStream(folder.resolve("local").toFile())) {
            System.out.println("started");
            while (System.in.read() >= 0) {
                local.write(0);
            }
        }
        System.exit(0);
    }

    static final class Journal {
        private final FileChannel out;

        Journal(Path file) throws Exception {
            out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        }
    }

    static final class Holder implements Runnable {
        private final ServerSocket socket;

        Holder(ServerSocket socket) {
            this.socket = socket;
        }

        @Override
        public void run() {
            try {
                socket.accept();
            } catch (java.io.IOException ended) {
                System.err.println(ended);
            }
        }
    }

    static final class Beat implements Runnable {
        @Override
        public void run() {
        }
    }

    static final class Pool implements Resource {
        @Override
        public void beforeCheckpoint(Context<? extends Resource> context) {
            throw new IllegalStateException("a rehearsal runs no hooks");
        }

        @Override
        public void afterRestore(Context<? extends Resource> context) {
        }
    }
}
