package io.github.cracbake.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a rehearsal learns of the JVM: who holds what is open, Resources, tasks at a fixed rate. */
class ExamineTest {
    @TempDir
    File folder;
    @TempDir
    File files;

    @Test
    void namesTheHoldersAndRunsNothing() throws Exception {
        CracInit init = new CracInit(folder);
        try (ChildJvm app = ChildJvm.start(Map.of(), ChildJvm.agent(folder), "-Xmx64m", "-cp", ChildJvm.TEST_CLASSES, "testapps.HoldingApp",
                files.getPath()).expect("started")) {
            JsonObject examined = examine(init);
            assertEquals(app.pid(), examined.get("pid").getAsLong());
            assertEquals(List.of("testapps.HoldingApp$Pool"), CracInit.strings(examined.getAsJsonArray("resources")));
            assertEquals(List.of(), CracInit.strings(examined.getAsJsonArray("warnings")));
            assertTrue(examined.get("scheduled").toString().contains("testapps.HoldingApp$Beat"), examined.toString());

            Map<String, String> holders = holders(app.pid(), examined);
            assertEquals("testapps.HoldingApp$Journal.out sun.nio.ch.FileChannelImpl", holders.get("journal"));
            assertEquals("testapps.HoldingApp.watch sun.nio.fs.LinuxWatchService", holders.get("inotify"));
            List<String> sockets = List.of(holders.getOrDefault("socket 0", ""), holders.getOrDefault("socket 1", ""));
            assertTrue(sockets.contains("testapps.HoldingApp.channel sun.nio.ch.ServerSocketChannelImpl"), holders.toString());
            assertTrue(sockets.stream().anyMatch(each -> each.startsWith("testapps.HoldingApp$Holder.socket ")), holders.toString());

            // Once more: nothing was used up by the first time, and the app is as it was.
            assertEquals(examined.getAsJsonArray("open"), examine(init).getAsJsonArray("open"));
            assertFalse(init.has("failed"));
        }
    }

    private static JsonObject examine(CracInit init) throws Exception {
        new File(init.folder, "examined").delete();
        init.write("examine", "");
        return init.await("examined");
    }

    /** What is open → field and class that hold it. */
    private static Map<String, String> holders(long pid, JsonObject examined) throws Exception {
        Map<String, String> holders = new TreeMap<>();
        int sockets = 0;
        for (JsonElement element : examined.getAsJsonArray("open")) {
            JsonObject open = element.getAsJsonObject();
            String target = Files.readSymbolicLink(Path.of("/proc/" + pid + "/fd/" + open.get("fd").getAsInt())).toString();
            String name = target.startsWith("socket:") ? "socket " + sockets++
                    : target.equals("anon_inode:inotify") ? "inotify" : target.substring(target.lastIndexOf('/') + 1);
            holders.put(name, open.get("holder").getAsString() + " " + open.get("kind").getAsString());
        }
        return holders;
    }
}
