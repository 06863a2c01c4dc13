package io.github.cracbake.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.File;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentTest {
    private static final String PATH = "PATH=" + System.getenv("PATH");

    @TempDir
    File folder;

    @Test
    void isTheNewContainers() throws Exception {
        CracInit init = new CracInit(folder);
        Map<String, String> atBake = Map.of("CHANGED", "old", "GONE", "secret", "KEPT", "same");
        try (ChildJvm app = ChildJvm.startWithAgent(folder, atBake)) {
            app.ask("register ok a", "registered");
            assertEquals("getenv CHANGED=old held=old", app.ask("getenv CHANGED", "getenv"));
            assertTrue(app.ask("child", "child ").contains("GONE=secret"));
            init.trigger();
            init.await("ready");
            init.resume("-Dfirst=1\0-Dsecond\0", PATH, "CHANGED=new=er", "KEPT=same", "EMPTY=", "ADDED=\u00e9\ud83d\ude00", "VARIABLE=for the hook",
                    "CHANGED=second of the same name", "no equals sign");
            JsonObject acknowledged = init.await("acknowledged");
            app.expect("after a VARIABLE=for the hook");

            assertEquals("getenv CHANGED=new=er held=new=er", app.ask("getenv CHANGED", "getenv"));
            assertEquals("getenv KEPT=same held=same", app.ask("getenv KEPT", "getenv"));
            assertEquals("getenv GONE=null held=null", app.ask("getenv GONE", "getenv"));
            assertEquals("getenv EMPTY= held=", app.ask("getenv EMPTY", "getenv"));
            String all = app.ask("environment", "environment");
            assertFalse(all.contains("secret"), all);

            String child = app.ask("child", "child ");
            assertFalse(child.contains("secret"), child);
            assertTrue(child.contains("CHANGED=new=er"), child);
            assertTrue(child.contains("EMPTY=,"), child);
            assertTrue(child.contains("KEPT=same"), child);
            assertTrue(child.contains("VARIABLE=for the hook"), child);
            child = app.ask("child-with-own-variable", "child ");
            assertFalse(child.contains("secret"), child);
            assertTrue(child.contains("CHANGED=new=er"), child);
            assertTrue(child.contains("OWN=1"), child);

            JsonObject environment = acknowledged.getAsJsonObject("environment");
            assertEquals(6, environment.get("variables").getAsInt());
            assertTrue(environment.get("native").getAsBoolean());
            assertTrue(environment.get("elapsedMs").getAsDouble() >= 0);
            assertEquals(List.of(), CracInit.strings(acknowledged.getAsJsonArray("warnings")));
            for (String read : List.of("environment", "arguments", "resume")) {
                assertFalse(init.has(read), read);
            }
        }
    }

    @Test
    void thatIsNotThereStaysWithAWarning() throws Exception {
        CracInit init = new CracInit(folder);
        try (ChildJvm app = ChildJvm.startWithAgent(folder, Map.of("KEPT", "same"))) {
            init.trigger();
            init.await("ready");
            init.write("resume", "");
            JsonObject acknowledged = init.await("acknowledged");
            assertEquals(List.of("the restore side gave no file 'environment'", "the restore side gave no file 'arguments'"),
                    CracInit.strings(acknowledged.getAsJsonArray("warnings")));
            assertEquals("getenv KEPT=same held=same", app.ask("getenv KEPT", "getenv"));
            assertFalse(acknowledged.getAsJsonObject("environment").get("native").getAsBoolean());
        }
    }

    @Test
    void isReachedWithoutOpeningTheJdkToTheApp() throws Exception {
        try (ChildJvm app = ChildJvm.startWithAgent(folder)) {
            assertEquals("opened false", app.ask("opened", "opened"));
        }
    }

    /** A restore must not wait for the reading of jars. */
    @Test
    void isRefreshedWithoutLoadingAClass(@TempDir File logs) throws Exception {
        CracInit init = new CracInit(folder);
        File log = new File(logs, "classes.log");
        try (ChildJvm app = ChildJvm.start(Map.of(), "-Xlog:class+load:file=" + log + ":none", ChildJvm.agent(folder),
                "-cp", ChildJvm.TEST_CLASSES, "testapps.HookApp").expect("started")) {
            app.ask("register ok a", "registered");
            init.trigger();
            init.await("ready");
            Thread.sleep(100);
            List<String> before = Files.readAllLines(log.toPath());
            init.resume("-Da=b\0-Duser.timezone=Asia/Tokyo\0-Dfile.encoding=x\0word", PATH, "CHANGED=new", "TZ=Europe/Berlin");
            init.await("acknowledged");
            List<String> after = Files.readAllLines(log.toPath());
            StringBuilder ours = new StringBuilder();
            Pattern loaded = Pattern.compile("^(\\S+) source: (.*)");
            for (String line : after.subList(before.size(), after.size())) {
                Matcher matcher = loaded.matcher(line);
                // Classes of the test app's own hook are its own affair.
                if (matcher.find() && !matcher.group(1).startsWith("testapps.")) {
                    ours.append(line).append('\n');
                }
            }
            assertEquals("", ours.toString());
        }
    }

    /** Files that stay open are in the dump. */
    @Test
    void isWaitedForWithNothingOfOursOpenButTheJar() throws Exception {
        CracInit init = new CracInit(folder);
        try (ChildJvm app = ChildJvm.startWithAgent(folder)) {
            init.trigger();
            init.await("ready");
            Thread.sleep(50);
            int jars = 0;
            for (File descriptor : new File("/proc/" + app.pid() + "/fd").listFiles()) {
                String target = Files.readSymbolicLink(descriptor.toPath()).toString();
                assertFalse(target.startsWith(folder.getCanonicalPath()), target);
                if (target.equals(new File(ChildJvm.AGENT_JAR).getCanonicalPath())) {
                    jars++;
                }
            }
            assertEquals(1, jars);
        }
    }
}
