package io.github.cracbake.context;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.File;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which JVM of a container is the one, and that the others are left alone. */
class ClaimTest {
    private static final List<String> UNTOUCHED = List.of("compat null", "argument null", "opened false");

    @TempDir
    File folder;

    @Test
    void isTakenByTheFirst() throws Exception {
        CracInit init = new CracInit(folder);
        try (ChildJvm app = ChildJvm.startWithAgent(folder)) {
            JsonObject agent = init.read("agent");
            assertEquals(app.pid(), agent.get("pid").getAsLong());
            assertTrue(agent.has("javaVersion"));
            assertTrue(agent.has("vmName"));
            assertArrayEquals(new String[] {"agent"}, folder.list());

            assertUntouched(ChildJvm.start(Map.of(), ChildJvm.agent(folder), "-cp", ChildJvm.TEST_CLASSES, "testapps.PlainApp"));
            assertEquals(app.pid(), init.read("agent").get("pid").getAsLong());
            assertArrayEquals(new String[] {"agent"}, folder.list());
        }
    }

    @Test
    void isTakenByTheOneThatIsMeant() throws Exception {
        CracInit init = new CracInit(folder);
        init.write("process", "HookApp$");
        assertUntouched(ChildJvm.start(Map.of(), ChildJvm.agent(folder), "-cp", ChildJvm.TEST_CLASSES, "testapps.PlainApp"));
        assertFalse(init.has("agent"));
        try (ChildJvm app = ChildJvm.startWithAgent(folder)) {
            assertEquals(app.pid(), init.read("agent").get("pid").getAsLong());
        }
    }

    @Test
    void isNotTakenWithoutAFolder() throws Exception {
        File none = new File(folder, "none");
        assertUntouched(ChildJvm.start(Map.of(), ChildJvm.agent(none), "-cp", ChildJvm.TEST_CLASSES, "testapps.PlainApp"));
        assertFalse(none.exists());
        try (ChildJvm app = ChildJvm.startWithAgent(none)) {
            app.ask("register ok a", "registered");
            assertEquals("checkpoint: UnsupportedOperationException []", app.ask("checkpoint", "checkpoint:"));
        }
    }

    @Test
    void isNotTakenWhereTheFolderIsAnotherUsers() throws Exception {
        assertTrue(folder.setWritable(false) && folder.setExecutable(false));
        // Root may write everywhere, so as root the other user is the JVM's.
        String[] other = "root".equals(System.getProperty("user.name"))
                ? new String[] {"setpriv", "--reuid=65534", "--clear-groups"} : new String[0];
        assertUntouched(ChildJvm.start(other, Map.of(), ChildJvm.agent(folder), "-cp", ChildJvm.TEST_CLASSES, "testapps.PlainApp"));
        assertTrue(folder.setExecutable(true));
        assertArrayEquals(new String[0], folder.list());
    }

    private static void assertUntouched(ChildJvm other) throws Exception {
        assertEquals(0, other.end());
        assertEquals(UNTOUCHED, other.stdout());
        assertEquals(List.of(), other.stderr());
    }

    @Test
    void ofADeadProcessIsTakenOver() throws Exception {
        CracInit init = new CracInit(folder);
        try (ChildJvm first = ChildJvm.startWithAgent(folder)) {
            first.kill();
            try (ChildJvm second = ChildJvm.startWithAgent(folder)) {
                assertEquals(second.pid(), init.read("agent").get("pid").getAsLong());
                assertArrayEquals(new String[] {"agent"}, folder.list());
                init.trigger();
                init.await("ready");
            }
        }
    }

    @Test
    void thatNamesAThreadOrNothingIsTakenOver() throws Exception {
        CracInit init = new CracInit(folder);
        try (ChildJvm other = ChildJvm.startWithAgent(new File(folder, "none"))) {
            init.write("agent", "{\"pid\": " + anotherThread(other.pid()) + "}");
            try (ChildJvm app = ChildJvm.startWithAgent(folder)) {
                assertEquals(app.pid(), init.read("agent").get("pid").getAsLong());
            }
            init.write("agent", "");
            try (ChildJvm app = ChildJvm.startWithAgent(folder)) {
                assertEquals(app.pid(), init.read("agent").get("pid").getAsLong());
            }
        }
    }

    private static String anotherThread(long pid) {
        for (String thread : new File("/proc/" + pid + "/task").list()) {
            if (!thread.equals(Long.toString(pid))) {
                return thread;
            }
        }
        throw new AssertionError("a JVM with one thread");
    }

    @Test
    void isTakenOnceWhenTheAgentIsNamedTwice() throws Exception {
        CracInit init = new CracInit(folder);
        try (ChildJvm app = ChildJvm.start(Map.of(), ChildJvm.agent(folder), ChildJvm.agent(folder), "-cp", ChildJvm.TEST_CLASSES,
                "testapps.HookApp").expect("started")) {
            String threads = app.ask("threads", "threads");
            assertEquals(threads.indexOf("crac-bake trigger"), threads.lastIndexOf("crac-bake trigger"));
            app.ask("register ok a", "registered");
            init.trigger();
            init.await("ready");
            assertEquals(List.of("before a"), app.hooks());
        }
    }

    @Test
    void thatCannotBeMadeIsOneLineOnStderrAndTheAppStarts() throws Exception {
        assertTrue(new File(folder, "agent").mkdir());
        ChildJvm app = ChildJvm.start(Map.of(), ChildJvm.agent(folder), "-cp", ChildJvm.TEST_CLASSES, "testapps.PlainApp");
        assertEquals(0, app.end());
        assertEquals(UNTOUCHED, app.stdout());
        assertEquals(1, app.stderr().size());
        assertTrue(app.stderr().get(0).startsWith("crac-bake: the context agent could not be set up: java.io.FileNotFoundException"),
                app.stderr().get(0));
        assertArrayEquals(new String[] {"agent"}, folder.list());
    }

    @Test
    void worksThroughJavaToolOptionsBesideOthers() throws Exception {
        CracInit init = new CracInit(folder);
        Map<String, String> options = Map.of("JAVA_TOOL_OPTIONS", "-Dsome.property=kept " + ChildJvm.agent(folder) + " -Xmx64m");
        try (ChildJvm app = ChildJvm.start(options, "-cp", ChildJvm.TEST_CLASSES, "testapps.HookApp").expect("started")) {
            app.ask("register ok a", "registered");
            ChildJvm other = ChildJvm.start(options, "-cp", ChildJvm.TEST_CLASSES, "testapps.PlainApp");
            assertEquals(0, other.end());
            assertEquals(List.of("compat null", "argument kept", "opened false"), other.stdout());
            init.trigger();
            init.await("ready");
            assertEquals(List.of("before a"), app.hooks());
            assertEquals(1, app.stderr().size());
            assertTrue(app.stderr().get(0).startsWith("Picked up JAVA_TOOL_OPTIONS"), app.stderr().get(0));
        }
    }
}
