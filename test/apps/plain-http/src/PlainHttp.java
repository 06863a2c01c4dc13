import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** A server of the JDK alone: its listener stays open through a checkpoint, nothing closes it. */
public class PlainHttp {
    private static final AtomicLong COUNTER = new AtomicLong();
    private static Socket held;

    public static void main(String[] args) throws Exception {
        Settings.read(args);
        Faults.atStart();
        Hooks.register(Settings.text("hook"));
        LogFile.open(Settings.text("log-file"));
        Ticker.start();
        if (Settings.text("fixed-rate").equals("true")) FixedRate.start();
        if (Settings.text("randoms").equals("true")) Randoms.use();
        int port = Settings.number("port", 8080);
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 50);
        server.createContext("/", PlainHttp::handle);
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.start();
        System.out.println("listening on port " + port);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("stopping")));
    }

    private static void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        int status = Faults.atRequest(path);
        String body;
        try {
            body = status == 200 ? answer(path, exchange.getRequestURI().getQuery()) : "failing as told\n";
        } catch (Exception e) {
            status = 500;
            body = e + "\n";
        }
        if (body == null) {
            status = 404;
            body = "no such path\n";
        }
        LogFile.write(exchange.getRequestMethod() + " " + path + " " + status);
        byte[] bytes = body.getBytes();
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static String answer(String path, String query) throws Exception {
        String rest = path.substring(path.indexOf('/', 1) + 1);
        String argument = query == null ? "" : query.substring(query.indexOf('=') + 1);
        switch (path.startsWith("/env/") ? "/env" : path.startsWith("/child-env/") ? "/child-env" : path) {
            case "/": return "hello " + COUNTER.incrementAndGet() + "\n";
            case "/info": return Facts.json(COUNTER.get());
            case "/self": return line(String.valueOf(ProcessHandle.current().isAlive() && ProcessHandle.current().info().startInstant().isPresent()));
            case "/tick": return Ticker.json();
            case "/env": return line(System.getenv(rest));
            case "/child-env": return new String(new ProcessBuilder("printenv", rest).start().getInputStream().readAllBytes());
            case "/log": System.out.println("request says: " + argument.replaceAll("\\p{Cntrl}", " ")); return "logged\n";
            case "/log-file": return LogFile.content();
            case "/hooks": return Hooks.json();
            case "/sleep": Thread.sleep(Long.parseLong(argument)); return "slept\n";
            case "/checkpoint": Hooks.checkpointSoon(); return "checkpoint asked for\n";
            case "/random": return Randoms.json();
            case "/fixed-rate": return FixedRate.json();
            case "/property": return line(System.getProperty(argument));
            case "/zone": return java.util.TimeZone.getDefault().getID() + "\n";
            case "/resolve": return java.net.InetAddress.getByName(argument).getHostAddress() + "\n";
            case "/host-name": return java.net.InetAddress.getLocalHost().getHostName() + "\n";
            case "/parallelism": return java.util.concurrent.ForkJoinPool.commonPool().getParallelism() + "\n";
            case "/connect": held = connect(argument); return "connected\n";
            default: return null;
        }
    }

    private static String line(String value) {
        return value == null ? "" : value + "\n";
    }

    /** A connection that stays established, as that of a pool which knows no hooks. */
    private static Socket connect(String target) throws IOException {
        int colon = target.lastIndexOf(':');
        return new Socket(target.substring(0, colon), Integer.parseInt(target.substring(colon + 1)));
    }
}
