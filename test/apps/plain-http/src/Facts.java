import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What tells a restored process from a started one, and what it is allowed to do. */
final class Facts {
    private Facts() {
    }

    static String json(long counter) throws IOException {
        StringBuilder json = new StringBuilder("{\"pid\":").append(ProcessHandle.current().pid());
        json.append(",\"jvmStartTime\":").append(ManagementFactory.getRuntimeMXBean().getStartTime());
        json.append(",\"javaVersion\":\"").append(System.getProperty("java.version")).append('"');
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            String[] fields = line.split(":?\\s+");
            switch (fields[0]) {
                case "Uid": case "Gid":
                    json.append(",\"").append(fields[0].toLowerCase()).append("\":").append(fields[2]);
                    break;
                case "CapPrm": case "CapEff": case "CapBnd":
                    json.append(",\"").append(fields[0]).append("\":\"").append(fields[1]).append('"');
                    break;
                default:
            }
        }
        return json.append(",\"counter\":").append(counter).append("}\n").toString();
    }
}
