import java.net.HttpURLConnection;
import java.net.URI;

/** Starts a Spring Boot jar, and asks for the checkpoint itself once the app has answered. The API is the JDK's own. */
public class SelfCheckpoint {
    public static void main(String[] arguments) throws Exception {
        Thread asking = new Thread(SelfCheckpoint::ask, "self-checkpoint");
        asking.start();
        Class.forName("org.springframework.boot.loader.launch.JarLauncher").getMethod("main", String[].class).invoke(null, (Object) arguments);
    }

    private static void ask() {
        try {
            while (!answers()) Thread.sleep(50);
            Class.forName("jdk.crac.Core").getMethod("checkpointRestore").invoke(null);
            System.out.println("checkpointRestore returned");
        } catch (ReflectiveOperationException | InterruptedException e) {
            e.printStackTrace();
        }
    }

    private static boolean answers() {
        try {
            HttpURLConnection connection = (HttpURLConnection) URI.create("http://localhost:8080/info").toURL().openConnection();
            connection.setRequestProperty("Connection", "close");
            int status = connection.getResponseCode();
            connection.getInputStream().readAllBytes();
            return status == 200;
        } catch (java.io.IOException e) {
            return false;
        }
    }
}
