import java.util.concurrent.atomic.AtomicInteger;

/** Ways to fail, for tests of what a bake says about them. */
final class Faults {
    private static final int LINES_BEFORE_EXIT = 60;
    private static final AtomicInteger REQUESTS = new AtomicInteger();

    private Faults() {
    }

    static void atStart() throws InterruptedException {
        Thread.sleep(Settings.number("start-delay-ms", 0));
        int code = Settings.number("exit-at-start", -1);
        if (code >= 0) {
            for (int i = 1; i <= LINES_BEFORE_EXIT; i++) System.out.println("starting, line " + i);
            System.err.println("cannot start: exit-at-start is set");
            System.exit(code);
        }
        if (Settings.text("never-ready").equals("true")) {
            System.out.println("never going to listen");
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    /** The status to answer with; does not return when this request is the one to die at. */
    static int atRequest(String path) {
        if (REQUESTS.incrementAndGet() == Settings.number("die-at-request", -1)) {
            System.err.println("dying: die-at-request is set");
            Runtime.getRuntime().halt(Settings.number("die-code", 7));
        }
        return path.equals(Settings.text("fail-path")) ? 500 : 200;
    }
}
