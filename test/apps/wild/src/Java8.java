import com.sun.net.httpserver.HttpServer;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/** An HTTP server in Java 8: /info says which process it is and counts. */
public final class Java8 {
    private Java8() {
    }

    public static void main(String[] args) throws Exception {
        AtomicLong counter = new AtomicLong();
        HttpServer server = HttpServer.create(new InetSocketAddress(8080), 0);
        server.createContext("/", exchange -> {
            String name = ManagementFactory.getRuntimeMXBean().getName();
            String json = "{\"pid\":" + name.substring(0, name.indexOf('@'))
                    + ",\"jvmStartTime\":" + ManagementFactory.getRuntimeMXBean().getStartTime()
                    + ",\"javaVersion\":\"" + System.getProperty("java.version") + '"'
                    + ",\"counter\":" + counter.incrementAndGet() + "}\n";
            byte[] body = json.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }
}
