package io.github.cracbake.context;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastThreadTest {
    @TempDir
    File folder;

    @Test
    void ofAnAppMayEndInAHookAndStartAgain() throws Exception {
        CracInit init = new CracInit(folder);
        try (ChildJvm app = ChildJvm.start(Map.of(), ChildJvm.agent(folder), "-cp", ChildJvm.TEST_CLASSES,
                "testapps.LastThreadApp").expect("started")) {
            init.trigger();
            init.await("ready");
            init.resume("");
            init.await("acknowledged");
            app.expect("serving daemon=false");
            // Longer than a JVM whose last thread has gone needs for its end.
            Thread.sleep(300);
            assertTrue(app.isAlive());
        }
    }
}
