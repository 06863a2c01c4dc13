import java.io.FileInputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/** Holds what its arguments say when the checkpoint comes, and writes a line each 100 ms. The cases of the recorded transcripts, and hooks that hang. */
public class Cases {
    private static final List<Object> HELD = new ArrayList<>();

    public static void main(String[] arguments) throws Exception {
        for (String each : arguments) {
            switch (each) {
                case "listen": HELD.add(new ServerSocket(8080)); break;
                case "file": HELD.add(new FileInputStream("/etc/passwd")); break;
                case "hookfail": case "hookhang": case "restorefail": register(each); break;
                default: break;
            }
        }
        if (List.of(arguments).contains("quiet")) Files.createFile(Path.of("/tmp/quiet-is-up"));
        else System.out.println("ready");
        Thread counter = new Thread(Cases::count, "counter");
        counter.start();
        for (String each : arguments) {
            if (!each.equals("self")) continue;
            Core.checkpointRestore();
            System.out.println("went on after the checkpoint");
        }
        counter.join();
    }

    private static void count() {
        for (int i = 1;; i++) {
            System.out.println("tick " + i + " env=" + System.getenv("NEW_ONE") + " property=" + System.getProperty("new.one"));
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static void register(String kind) {
        Resource resource = new Resource() {
            @Override
            public void beforeCheckpoint(Context<? extends Resource> context) throws Exception {
                if (kind.equals("hookfail")) throw new IllegalStateException("cache not flushed");
                if (kind.equals("hookhang")) Thread.sleep(Long.MAX_VALUE);
            }

            @Override
            public void afterRestore(Context<? extends Resource> context) {
                if (kind.equals("restorefail")) throw new IllegalStateException("cache not filled");
            }
        };
        HELD.add(resource);
        Core.getGlobalContext().register(resource);
    }
}
