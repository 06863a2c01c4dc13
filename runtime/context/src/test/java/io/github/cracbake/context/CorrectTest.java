package io.github.cracbake.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.netty.util.concurrent.EventExecutor;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a JVM has to forget after a restore. A stopped process stands for a frozen one. */
class CorrectTest {
    private static final String PATH = "PATH=" + System.getenv("PATH");
    private static final int FROZEN = 3000;
    private static final String NETTY = EventExecutor.class.getProtectionDomain().getCodeSource().getLocation().getPath();

    @TempDir
    File folder;

    private ChildJvm start(Map<String, String> environment, String moreArguments, String... options) throws Exception {
        String[] all = new String[options.length + 4];
        System.arraycopy(options, 0, all, 0, options.length);
        all[options.length] = ChildJvm.agent(folder) + moreArguments;
        all[options.length + 1] = "-cp";
        all[options.length + 2] = ChildJvm.TEST_CLASSES + File.pathSeparator + NETTY;
        all[options.length + 3] = "testapps.CorrectApp";
        return ChildJvm.start(environment, all).expect("started");
    }

    @Test
    void aUsedSha1PrngGoesOnOtherwiseAndAnUnusedOneStillTakesASeed() throws Exception {
        CracInit init = new CracInit(folder);
        try (ChildJvm app = start(Map.of(), "")) {
            JsonObject ready = checkpoint(init);
            assertEquals(List.of("testapps.CorrectApp.SEEDED"), CracInit.strings(ready.getAsJsonArray("randoms")));
            assertEquals(List.of(), CracInit.strings(ready.getAsJsonArray("warnings")));
            JsonObject acknowledged = resume(init, "");
            assertTrue(acknowledged.getAsJsonObject("randomness").get("generators").getAsInt() >= 1);
            // The number of a SHA1PRNG that was seeded with 7 and with nothing else.
            java.security.SecureRandom seven = java.security.SecureRandom.getInstance("SHA1PRNG");
            seven.setSeed(7);
            assertEquals("same false " + seven.nextInt(), app.ask("same", "same"));
        }
    }

    /** Threads of the app run before anything is renewed. */
    @Test
    void aUsedSha1PrngGivesNothingOutUntilItIsRenewed() throws Exception {
        CracInit init = new CracInit(folder);
        try (ChildJvm app = start(Map.of(), "")) {
            checkpoint(init);
            app.send("same");
            Thread.sleep(200);
            assertEquals(List.of("started"), app.stdout());
            resume(init, "");
            app.expect("same false");
        }
    }

    @Test
    void theProviderStaysTheJdksOwn() throws Exception {
        try (ChildJvm app = start(Map.of(), "")) {
            assertTrue(app.ask("provider", "provider").matches("provider SUN version \\S+ NativePRNG"));
        }
        try (ChildJvm app = start(Map.of(), "", "-Djava.security.egd=file:/dev/./urandom")) {
            assertTrue(app.ask("provider", "provider").matches("provider SUN version \\S+ DRBG"));
        }
    }

    @Test
    void answersOfTheNameServiceAreForgotten(@TempDir File files) throws Exception {
        CracInit init = new CracInit(folder);
        Path hosts = new File(files, "hosts").toPath();
        Files.writeString(hosts, "192.0.2.1 a-service\n");
        try (ChildJvm app = start(Map.of(), "", "-Djdk.net.hosts.file=" + hosts)) {
            checkpoint(init);
            assertEquals("resolved a-service/192.0.2.1", app.ask("resolve a-service", "resolved"));
            Files.writeString(hosts, "192.0.2.2 a-service\n");
            assertEquals("resolved a-service/192.0.2.1", app.ask("resolve a-service", "resolved"));
            resume(init, "");
            assertEquals("resolved a-service/192.0.2.2", app.ask("resolve a-service", "resolved"));
        }
    }

    @Test
    void argumentsArePropertiesAndWhatComesTooLateIsNamed() throws Exception {
        CracInit init = new CracInit(folder);
        try (ChildJvm app = start(Map.of(), "")) {
            checkpoint(init);
            JsonObject acknowledged = resume(init, "-Dnew.one=a=b\0-Dempty\0-Djava.io.tmpdir=/elsewhere\0--server.port=1\0-Xmx1g",
                    "JAVA_TOOL_OPTIONS=-Dx=y");
            assertEquals("property a=b", app.ask("property new.one", "property"));
            assertEquals("property ", app.ask("property empty", "property"));
            assertEquals("property /elsewhere", app.ask("property java.io.tmpdir", "property"));
            assertEquals(List.of(
                    "the property java.io.tmpdir is set, but the JDK has read it before the checkpoint: it may have no effect",
                    "the argument '--server.port=1' has no effect in a restored process",
                    "the argument '-Xmx1g' has no effect in a restored process",
                    "JAVA_TOOL_OPTIONS has no effect in a restored process; -Dname=value after the image's name has"),
                    CracInit.strings(acknowledged.getAsJsonArray("warnings")));
            assertEquals(3, acknowledged.getAsJsonObject("properties").get("set").getAsInt());
        }
    }

    @Test
    void theTimeZoneIsThatOfTheNewEnvironment() throws Exception {
        CracInit init = new CracInit(folder);
        try (ChildJvm app = start(Map.of("TZ", "Europe/Berlin"), "")) {
            assertEquals("zone Europe/Berlin", app.ask("zone", "zone"));
            checkpoint(init);
            resume(init, "", "TZ=America/New_York");
            assertEquals("zone America/New_York", app.ask("zone", "zone"));
        }
    }

    @Test
    void theTimeZoneIsThatOfTheProperty() throws Exception {
        CracInit init = new CracInit(folder);
        try (ChildJvm app = start(Map.of("TZ", "Europe/Berlin"), "")) {
            checkpoint(init);
            resume(init, "-Duser.timezone=Asia/Tokyo", "TZ=America/New_York");
            assertEquals("zone Asia/Tokyo", app.ask("zone", "zone"));
        }
    }

    @Test
    void theTimeZoneThatTheAppHasSetStays() throws Exception {
        CracInit init = new CracInit(folder);
        try (ChildJvm app = start(Map.of("TZ", "Europe/Berlin"), "")) {
            app.ask("set-zone Asia/Tokyo", "set");
            checkpoint(init);
            resume(init, "", "TZ=America/New_York");
            assertEquals("zone Asia/Tokyo", app.ask("zone", "zone"));
        }
    }

    @Test
    void tasksAtAFixedRateAreNamedAndDoNotMakeUpForMissedRuns() throws Exception {
        Map<String, Integer> runs = runsAfterAFreeze("");
        // 20 ms each: 150 runs in the time that the process was stopped, some 25 in the half second after it.
        assertTrue(runs.get("rate") < 75, runs.toString());
        assertTrue(runs.get("timer") < 75, runs.toString());
        assertTrue(runs.get("rate") > 5, runs.toString());
        assertTrue(runs.get("timer") > 5, runs.toString());
        assertEquals(1, runs.get("once"), runs.toString());
    }

    @Test
    void tasksAtAFixedRateAreLeftAloneOnRequest() throws Exception {
        Map<String, Integer> runs = runsAfterAFreeze(",scheduled=keep");
        assertTrue(runs.get("rate") >= 140, runs.toString());
        assertTrue(runs.get("timer") >= 140, runs.toString());
    }

    @Test
    void norDoThoseOfAnEventLoop() throws Exception {
        CracInit init = new CracInit(folder);
        try (ChildJvm app = start(Map.of(), "")) {
            app.ask("schedule-in-loop 20", "scheduled");
            Thread.sleep(100);
            String found = checkpoint(init).getAsJsonArray("scheduled").toString();
            assertEquals(3, found.split("\\Q{\"kind\":\"event-loop\",\"class\":\"testapps.CorrectApp$Counting\",\"periodMs\":20.0}\\E", -1).length - 1, found);
            Map<String, Integer> before = runs(app);
            assertEquals(3, freeze(init, app).getAsJsonObject("scheduled").get("shifted").getAsInt());
            Thread.sleep(500);
            Map<String, Integer> after = runs(app);
            for (String task : List.of("loop", "loop2", "loop3", "delay")) {
                int count = after.get(task) - before.get(task);
                assertTrue(count > 5 && count < 75, task + " " + count);
            }
            assertFalse(after.containsKey("once"), after.toString());
        }
    }

    @Test
    void anEventLoopThatIsUnlikeNettysIsNamedAndDoesNotKeepOthersFromBeingMoved() throws Exception {
        CracInit init = new CracInit(folder);
        try (ChildJvm app = start(Map.of(), "")) {
            app.ask("unlike-loop", "started");
            app.ask("schedule 20", "scheduled");
            JsonObject ready = checkpoint(init);
            String warnings = CracInit.strings(ready.getAsJsonArray("warnings")).toString();
            assertTrue(warnings.contains("tasks of the thread unlike make up for the runs that they miss: java.lang.NoSuchFieldException"), warnings);
            assertEquals(2, ready.getAsJsonArray("scheduled").size(), ready.toString());
        }
    }

    @Test
    void aTaskAtAFixedRateThatWaitsInAPausedSchedulerDoesNotMakeUpForMissedRuns() throws Exception {
        CracInit init = new CracInit(folder);
        try (ChildJvm app = start(Map.of(), "")) {
            app.ask("schedule-pausing", "scheduled");
            JsonObject ready = checkpoint(init);
            assertEquals(1, ready.getAsJsonArray("scheduled").size(), ready.toString());
            assertEquals(1, freeze(init, app).getAsJsonObject("scheduled").get("shifted").getAsInt());
            Thread.sleep(500);
            int count = runs(app).get("pausing");
            assertTrue(count > 5 && count < 75, "runs " + count);
        }
    }

    @Test
    void whatAPoolHasBegunBecauseOfAHookIsDoneBeforeItsSchedulerIsHeld() throws Exception {
        CracInit init = new CracInit(folder);
        try (ChildJvm app = start(Map.of(), "")) {
            app.ask("refill", "registered");
            checkpoint(init);
            assertEquals(20, runs(app).get("filled"));
        }
    }

    /** Stops the process in its dump, resumes it later; returns what it acknowledges. */
    private JsonObject freeze(CracInit init, ChildJvm app) throws Exception {
        signal("STOP", app);
        init.resume("", PATH);
        Thread.sleep(FROZEN);
        signal("CONT", app);
        return init.await("acknowledged");
    }

    /** Runs until half a second after the restore: of the repeated tasks those since the checkpoint, of the others all. */
    private Map<String, Integer> runsAfterAFreeze(String argument) throws Exception {
        CracInit init = new CracInit(folder);
        try (ChildJvm app = start(Map.of(), argument)) {
            app.ask("schedule 20", "scheduled");
            Thread.sleep(100);
            JsonObject ready = checkpoint(init);
            if (argument.isEmpty()) {
                String found = ready.getAsJsonArray("scheduled").toString();
                assertTrue(found.contains("{\"kind\":\"executor\",\"class\":\"testapps.CorrectApp$Counting\",\"periodMs\":20.0}"), found);
                assertTrue(found.contains("{\"kind\":\"timer\",\"class\":\"testapps.CorrectApp$1\",\"periodMs\":20.0}"), found);
                assertEquals(2, ready.getAsJsonArray("scheduled").size(), found);
            } else {
                assertFalse(ready.has("scheduled"));
            }
            Map<String, Integer> before = runs(app);
            JsonObject acknowledged = freeze(init, app);
            double gap = acknowledged.getAsJsonObject("clock").get("monotonicGapMs").getAsDouble();
            assertTrue(gap >= FROZEN - 100 && gap < FROZEN + 2000, "gap " + gap);
            if (argument.isEmpty()) {
                assertEquals(2, acknowledged.getAsJsonObject("scheduled").get("shifted").getAsInt());
            }
            Thread.sleep(500);
            Map<String, Integer> runs = runs(app);
            for (String repeated : List.of("rate", "timer")) {
                runs.merge(repeated, before.get(repeated), (all, some) -> all - some);
            }
            return runs;
        }
    }

    private static Map<String, Integer> runs(ChildJvm app) throws Exception {
        Map<String, Integer> runs = new TreeMap<>();
        Matcher run = Pattern.compile("(\\w+)=(\\d+)").matcher(app.ask("runs", "runs"));
        while (run.find()) {
            runs.put(run.group(1), Integer.valueOf(run.group(2)));
        }
        return runs;
    }

    private static void signal(String name, ChildJvm app) throws Exception {
        assertEquals(0, new ProcessBuilder("kill", "-" + name, String.valueOf(app.pid())).start().waitFor());
    }

    @Test
    void afterRestoreThatHangsIsAFailureInTheEnd() throws Exception {
        CracInit init = new CracInit(folder);
        try (ChildJvm app = start(Map.of(), ",after-restore-ms=300")) {
            app.ask("hang-after", "registered");
            checkpoint(init);
            init.resume("", PATH);
            JsonObject failed = init.await("failed");
            assertEquals(List.of("afterRestore Hanging failed"), CracInit.resources(failed));
            assertEquals("afterRestore did not return within 300 ms", failed.get("error").getAsString());
            String stack = failed.getAsJsonArray("resources").get(0).getAsJsonObject().get("stack").getAsString();
            assertTrue(stack.contains("testapps.CorrectApp$Hanging.afterRestore"), stack);
            assertFalse(init.has("acknowledged"));
        }
    }

    private static JsonObject checkpoint(CracInit init) throws Exception {
        init.trigger();
        return init.await("ready");
    }

    private static JsonObject resume(CracInit init, String arguments, String... environment) throws Exception {
        String[] all = new String[environment.length + 1];
        all[0] = PATH;
        System.arraycopy(environment, 0, all, 1, environment.length);
        init.resume(arguments, all);
        return init.await("acknowledged");
    }
}
