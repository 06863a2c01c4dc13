import java.io.FileWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that is held open from the start on, for example in a volume. */
final class LogFile {
    private static Path path;
    private static FileWriter writer;

    private LogFile() {
    }

    static void open(String name) throws IOException {
        if (name.isEmpty()) return;
        path = Path.of(name);
        writer = new FileWriter(name, true);
    }

    static synchronized void write(String line) throws IOException {
        if (writer == null) return;
        writer.write(line + "\n");
        writer.flush();
    }

    static synchronized String content() throws IOException {
        return path == null ? "" : Files.readString(path);
    }
}
