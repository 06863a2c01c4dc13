package standin;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdk.crac.impl.CheckpointOpenFileException;
import jdk.crac.impl.CheckpointOpenSocketException;

/** Which open files and sockets a CRaC JDK refuses a checkpoint for: all but its own, the class path, and what a policy lets pass. */
final class OpenFiles {
    private OpenFiles() {
    }

    static List<Exception> refused() {
        List<Exception> refused = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            Map<String, String> sockets = sockets();
            Policies policies = Policies.read();
            for (Path each : all) {
                if (Integer.parseInt(each.getFileName().toString()) <= 2) continue;
                String target = target(each);
                if (target.startsWith("socket:[")) {
                    String socket = sockets.get(target.substring(8, target.length() - 1));
                    if (socket != null && !policies.ignore("socket", socket)) refused.add(new CheckpointOpenSocketException(socket));
                } else if (target.startsWith("/") && !isOwn(target) && !policies.ignore("file", target)) {
                    refused.add(new CheckpointOpenFileException(target));
                }
            }
        } catch (IOException e) {
            refused.add(e);
        }
        return refused;
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "";
        }
    }

    private static boolean isOwn(String path) throws IOException {
        if (path.startsWith("/proc/") || path.startsWith("/dev/") || path.startsWith(StandIn.SETTINGS.get("home"))) return true;
        if (path.startsWith(new File(System.getProperty("java.home")).getCanonicalPath())) return true;
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (path.equals(new File(entry).getCanonicalPath())) return true;
        }
        return path.endsWith(".jar");
    }

    /** Inode to what a CRaC JDK says of a TCP socket. */
    private static Map<String, String> sockets() throws IOException {
        Map<String, String> found = new HashMap<>();
        for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
            if (!Files.exists(Path.of(table))) continue;
            List<String> lines = Files.readAllLines(Path.of(table));
            for (String line : lines.subList(1, lines.size())) {
                String[] fields = line.trim().split("\\s+");
                int local = Integer.parseInt(fields[1].substring(fields[1].indexOf(':') + 1), 16);
                int remote = Integer.parseInt(fields[2].substring(fields[2].indexOf(':') + 1), 16);
                found.put(fields[9], "Socket[addr=" + address(fields[2]) + ",port=" + remote + ",localport=" + local + "]");
            }
        }
        return found;
    }

    private static String address(String field) {
        String hex = field.substring(0, field.indexOf(':'));
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            int at = hex.length() - 2 * (i + 1);
            text.append(i == 0 ? "" : ".").append(Integer.parseInt(hex.substring(at, at + 2), 16));
        }
        return text + "/" + text;
    }
}
