package io.github.cracbake.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the app finds {@code org.crac}, and that {@code org.crac} finds the agent. */
class VisibilityTest {
    @TempDir
    File folder;

    @Test
    void appWithoutCrac() throws Exception {
        try (ChildJvm app = ChildJvm.startWithAgent(folder)) {
            assertHooksRun(app, "core from " + new File(ChildJvm.AGENT_JAR) + " loader AppClassLoader");
        }
    }

    @Test
    void appWithCracOnItsClassPath() throws Exception {
        try (ChildJvm app = ChildJvm.start(Map.of(), ChildJvm.agent(folder),
                "-cp", ChildJvm.TEST_CLASSES + File.pathSeparator + ChildJvm.CRAC_JAR, "testapps.HookApp").expect("started")) {
            assertHooksRun(app, "core from " + ChildJvm.CRAC_JAR + " loader AppClassLoader");
        }
    }

    @Test
    void appWithCracInAClassLoaderOfItsOwn() throws Exception {
        try (ChildJvm app = ChildJvm.start(Map.of(), ChildJvm.agent(folder), "-cp", ChildJvm.TEST_CLASSES, "testapps.OwnCracApp",
                ChildJvm.CRAC_JAR, ChildJvm.TEST_CLASSES).expect("started")) {
            assertHooksRun(app, "core from " + ChildJvm.CRAC_JAR + " loader ChildFirstLoader");
        }
    }

    /** The app's classes are in named modules. */
    @Test
    void appOnTheModulePath() throws Exception {
        try (ChildJvm app = ChildJvm.start(Map.of(), ChildJvm.agent(folder), "-p", ChildJvm.CRAC_JAR, "--add-modules", "org.crac",
                "-cp", ChildJvm.TEST_CLASSES, "testapps.HookApp").expect("started")) {
            assertHooksRun(app, "core from " + ChildJvm.CRAC_JAR + " loader AppClassLoader");
        }
    }

    private void assertHooksRun(ChildJvm app, String core) throws Exception {
        CracInit init = new CracInit(folder);
        String answer = app.ask("core", "core from");
        assertEquals(core + " compat io.github.cracbake.context", answer);
        app.ask("register ok a", "registered");
        init.trigger();
        assertEquals(List.of("beforeCheckpoint Working ok"), CracInit.resources(init.await("ready")));
        init.resume("", "VARIABLE=new");
        init.await("acknowledged");
        app.expect("after a VARIABLE=new");
        assertTrue(app.isAlive());
        assertEquals(List.of(), app.stderr());
    }
}
